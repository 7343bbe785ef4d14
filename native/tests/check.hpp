// Smallest frame for tests: each check prints what failed, the exit status of the program counts.
#pragma once

#include <atomic>
#include <cstdio>
#include <string>

#include "haihe/trend/errors.hpp"
#include "haihe/trend/reader.hpp"

namespace haihe::trend::test {

inline std::atomic<int> failures = 0;  // checks run in the threads of a test too

inline void check_at(bool ok, const char* what, const char* file, int line) {
  if (ok) return;
  std::printf("%s:%d: FAILED: %s\n", file, line, what);
  ++failures;
}

#define CHECK(condition) ::haihe::trend::test::check_at((condition), #condition, __FILE__, __LINE__)

/// @brief Whether `action` throws exactly what a caller would catch as `Error`.
template <typename Error, typename Action>
bool throws(const Action& action) {
  try {
    action();
  } catch (const Error&) {
    return true;
  } catch (const std::exception& other) {
    std::printf("unexpected: %s\n", other.what());
  }
  return false;
}

/// @brief Runs `action` beside a writer at full speed. @return false when the rings, far too short for that,
/// were overwritten all the while; a slow machine (sanitizers) makes that likely, and it is no torn answer.
template <typename Action>
bool unless_lapped(const Action& action) {
  try {
    action();
    return true;
  } catch (const StoreProblem&) {
    return false;
  }
}

/// @brief A file of this name in the test's directory, with nothing there yet.
inline std::string fresh(char** argv, const char* name) {
  const std::string path = std::string(argv[1]) + "/" + name;
  for (const char* suffix : {"", ".new", ".damaged-1"}) std::remove((path + suffix).c_str());
  return path;
}

inline LiveValue real(double number) { return {Kind::real, number, 0, ""}; }

/// @brief Appends samples first to last: time n, value n.
inline void count(Writer& writer, std::int64_t first, std::int64_t last, std::uint32_t slot = 0) {
  for (std::int64_t n = first; n <= last; ++n) {
    CHECK(writer.append(slot, n, real(static_cast<double>(n)), 0, n + 1));
  }
}

inline int result() { return failures == 0 ? 0 : 1; }

}  // namespace haihe::trend::test
