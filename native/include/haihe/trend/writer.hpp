// The one writer of a store. Not thread-safe: all calls from one thread at a time.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "haihe/trend/errors.hpp"
#include "haihe/trend/layout.hpp"
#include "haihe/trend/shared_file.hpp"

namespace haihe::trend {

class Successor;

/// @brief A value as it came; `number` is NaN for text and none.
struct LiveValue {
  Kind kind = Kind::none;
  double number = kNaN;
  std::int64_t exact = 0;
  std::string text;
};

class Writer {
 public:
  /// @brief Opens or makes the store. An existing one of other slots is succeeded by one of these, see
  /// Successor; an unclean one is repaired; an unreadable one is set aside.
  /// @param checkpoint fills a store that has to be made because there was none; "" for none
  /// @throws StoreProblem when another writer holds it or memory is full; std::invalid_argument
  Writer(const std::string& path, const std::vector<SlotSpec>& slots, std::int64_t now_ns,
         const std::string& checkpoint = "");
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer();

  void close();
  [[nodiscard]] bool is_open() const { return file_.is_open(); }
  [[nodiscard]] const std::vector<std::string>& messages() const { return messages_; }

  /// Of a status the bits that OPC UA reserves (12, 13, 28, 29) are dropped.
  /// @return false when the sample was older than the slot's newest (counted late) or its time is unusable.
  bool append(std::uint32_t slot, std::int64_t source_ns, const LiveValue& value, std::uint32_t status,
              std::int64_t receive_ns);

  /// @brief Appends one number for each entry, in order. @return how many were refused.
  /// @param kinds  what each number stands for: real, integer or boolean; empty: all are real. One that is no
  /// whole
  ///               number within 2^53, or neither 0 nor 1, is real whatever it should stand for.
  std::uint64_t append_batch(std::span<const std::uint32_t> slots, std::span<const std::int64_t> source_ns,
                             std::span<const double> values, std::span<const std::uint32_t> status,
                             std::int64_t receive_ns, std::span<const Kind> kinds = {});

  void heartbeat(std::int64_t now_ns);

  /// @brief Goes on in a store of other slots, made of this one; slots have the numbers of that one from now
  /// on. Short: adds what came since it was made, and renames it. Readers find that theirs is not current.
  /// @throws StoreProblem when it was made of another store, or taken over already; nothing has changed then
  void succeed(Successor& next, std::int64_t now_ns);

 private:
  struct Cursor {  // private copy of what an append needs, so that no shared line is read for it
    RawRing ring;
    std::uint64_t head;
    std::int64_t newest_ns;
    std::uint32_t capacity;
    std::uint32_t position;
  };

  void open_or_make(const std::vector<SlotSpec>& slots, std::int64_t now_ns);
  bool try_existing(const std::vector<SlotSpec>& slots, std::int64_t now_ns);
  void put_aside(const DamagedFile& error);
  void make(const std::vector<SlotSpec>& slots, std::int64_t now_ns);
  void restore(const View& view, const std::string& checkpoint);
  void repair();
  void place_cursors();
  bool push(std::uint32_t slot, Cursor& at, std::int64_t source_ns, double value, std::uint32_t status,
            Kind kind);
  void prefetch(std::uint32_t slot) const;
  void prefetch_closing(std::uint32_t slot, const Cursor& at) const;
  void check_open() const;

  std::string path_;
  std::string checkpoint_;
  SharedFile file_;
  View view_;
  std::vector<Cursor> cursors_;
  std::vector<std::string> messages_;
};

}  // namespace haihe::trend
