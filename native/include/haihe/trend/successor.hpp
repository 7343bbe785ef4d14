// The store of another list of slots, made while the one before is still written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "haihe/trend/layout.hpp"
#include "haihe/trend/reader.hpp"
#include "haihe/trend/shared_file.hpp"

namespace haihe::trend {

/// @brief A whole store beside the present one, under another name until a writer takes it over.
///
/// Making it is the long part: it copies every slot that goes on as a reader does, in any thread. The writer
/// then adds what came since (Writer::succeed). One that nobody takes over removes its file.
class Successor {
 public:
  /// @brief Of a slot of the same name everything is kept; where its capacities are others, what a checkpoint
  /// would keep.
  /// @throws StoreProblem when there is no store, or memory is full; std::invalid_argument
  Successor(const std::string& path, const std::vector<SlotSpec>& slots, std::int64_t now_ns);
  Successor(const Successor&) = delete;
  Successor& operator=(const Successor&) = delete;
  ~Successor();

  /// @brief Lets the former store go, and removes the new one where nobody took it over. It may take as long
  /// as making it; in any thread, also twice.
  void close();

  /// @brief How many slots go on.
  [[nodiscard]] std::uint32_t kept() const;
  /// @brief Of these, how many with their raw samples only, because their capacities changed.
  [[nodiscard]] std::uint32_t partial() const;
  [[nodiscard]] std::uint32_t slot_count() const { return view_.slot_count; }

 private:
  friend class Writer;

  struct Origin {
    std::uint32_t slot = 0;
    bool is_kept = false;
    bool is_same = false;    // the capacities are those of before
    bool is_whole = true;    // with every level
    std::uint64_t seen = 0;  // samples of the old slot that were copied, or were gone already
    std::uint64_t made = 0;  // samples of the new slot by that
  };

  void copy(Origin& origin, std::uint32_t slot);
  void follow(const View& old);

  std::string building_;
  Reader old_;
  SharedFile file_;
  View view_;
  bool is_taken_ = false;        // then file and view are those of the former store
  std::vector<Origin> origins_;  // by slot
};

}  // namespace haihe::trend
