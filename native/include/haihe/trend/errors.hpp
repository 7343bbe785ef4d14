#pragma once

#include <stdexcept>

namespace haihe::trend {

/// @brief The file or its surroundings are at fault: missing, full, locked, of another version.
class StoreProblem : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// @brief The content is not a trend store of this version, or is damaged.
class DamagedFile : public StoreProblem {
 public:
  using StoreProblem::StoreProblem;
};

}  // namespace haihe::trend
