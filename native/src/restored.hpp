// What a ring sample tells of a value whose live record was never finished.
#pragma once

#include <algorithm>

#include "haihe/trend/writer.hpp"

namespace haihe::trend {

inline constexpr std::uint32_t kWaitingForData = 0x80320000U;  // BadWaitingForInitialData
inline constexpr double kExactUpTo = 9007199254740992.0;  // 2^53: integers above may be rounded in the ring

struct Restored {
  LiveValue value;
  std::uint32_t status;
};

/// @brief The exact value where the ring holds it. Text and integers above 2^53 are lost: text leaves no
/// value and a bad status until the next sample, an integer its nearest double.
inline Restored restored(const RawSample& item) {
  Restored out{{}, item.status};
  const Kind kind = item.kind;
  const double number = item.value;
  if (kind == Kind::text) out.status = std::max(out.status, kWaitingForData);
  if (kind == Kind::text || kind == Kind::none) return out;
  out.value = {kind, number, 0, ""};
  const bool whole = number >= -kExactUpTo && number <= kExactUpTo;
  if (kind == Kind::boolean || (kind == Kind::integer && whole)) {
    out.value.exact = static_cast<std::int64_t>(number);
  } else {
    out.value.kind = Kind::real;
  }
  return out;
}

}  // namespace haihe::trend
