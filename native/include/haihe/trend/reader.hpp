// A read-only view of a store, in any process, beside a running writer. One thread at a time per object.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "haihe/trend/layout.hpp"
#include "haihe/trend/shared_file.hpp"
#include "haihe/trend/writer.hpp"

namespace haihe::trend {

struct LiveSample {
  std::uint64_t sequence = 0;
  std::int64_t source_ns = 0;
  std::int64_t receive_ns = 0;
  std::uint32_t status = 0;
  LiveValue value;
};

/// @brief One row a non-empty column, oldest first; see Reader::window. All arrays lie in one piece of
/// memory.
struct Envelope {
  std::shared_ptr<std::byte[]> memory;
  std::span<std::int64_t> first_ns, last_ns;
  std::span<double> minimum, maximum, last;
  std::span<std::uint64_t> count;
  std::span<std::uint32_t> status;
  bool is_raw = false;
};

struct Samples {
  std::vector<std::int64_t> t_ns;
  std::vector<double> value;
  std::vector<std::uint32_t> status;
  bool complete = true;    // the ring still holds everything from `start` on
  bool truncated = false;  // more samples followed than `limit`
};

struct Statistics {
  double area = 0;  // value x seconds
  double minimum = kNaN;
  double maximum = kNaN;
  std::int64_t good_ns = 0;
  std::uint64_t count = 0;
  bool exact = true;  // false: a border fell into a bucket whose samples are gone; it counts in proportion
};

struct Coverage {
  std::int64_t raw_from_ns = 0, from_ns = 0, newest_ns = 0;
  std::uint64_t appended = 0;  // 0: no sample yet, times meaningless
};

/// @brief Every query throws StoreProblem when the reader is closed and std::out_of_range for a wrong slot.
class Reader {
 public:
  /// @throws StoreProblem when missing, DamagedFile when it is no usable store
  explicit Reader(const std::string& path);

  [[nodiscard]] const View& view() const { return view_; }
  [[nodiscard]] bool is_current() const;
  void close();
  /// @throws StoreProblem when it is closed, or somebody has truncated the file since it was opened
  void check_open() const;

  /// @brief Slots whose change sequence is above the cursor, and the next cursor.
  std::uint64_t changed(std::uint64_t cursor, std::vector<std::uint32_t>& slots) const;
  /// @brief Samples that the slot refused because they were older than its newest.
  [[nodiscard]] std::uint64_t late(std::uint32_t slot) const;
  /// @brief The last sample. Many are read at once: call check_open() before the first.
  [[nodiscard]] LiveSample live(std::uint32_t slot) const;
  /// @param exact no border moves; otherwise by a quarter of a column at most, which is several times faster
  [[nodiscard]] Envelope window(std::uint32_t slot, std::int64_t start, std::int64_t end,
                                std::uint32_t columns, bool exact = false) const;
  [[nodiscard]] Samples raw(std::uint32_t slot, std::int64_t start, std::int64_t end,
                            std::uint64_t limit) const;
  [[nodiscard]] Statistics statistics(std::uint32_t slot, std::int64_t start, std::int64_t end) const;
  [[nodiscard]] Coverage coverage(std::uint32_t slot) const;

 private:
  void check(std::uint32_t slot) const;
  void check_slot(std::uint32_t slot) const;

  std::string path_;
  SharedFile file_;
  View view_;
};

}  // namespace haihe::trend
