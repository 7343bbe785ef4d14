// The only door to the operating system: files, mapping, locks, processes. One source file per platform.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace haihe::trend {

/// @brief A file mapped into memory, shared between processes. Move-only; unmaps, unlocks and closes itself.
class SharedFile {
 public:
  enum class Access { read, write };

  SharedFile() = default;
  SharedFile(const SharedFile&) = delete;
  SharedFile& operator=(const SharedFile&) = delete;
  SharedFile(SharedFile&& other) noexcept;
  SharedFile& operator=(SharedFile&& other) noexcept;
  ~SharedFile();

  /// @brief Opens an existing file without mapping it. Returns an empty object when there is none.
  /// @throws StoreProblem for what is no file of this user
  static SharedFile open(const std::string& path, Access access);

  /// @brief Makes a new file of `size` zero bytes, mode 0600, locks it and maps it. One of that name is
  /// replaced, unless somebody holds its lock. Space is claimed at once: a full file system is an error here
  /// instead of a bus error later, in huge pages as far as the system has them.
  static SharedFile create(const std::string& path, std::uint64_t size);

  /// @brief Maps the whole file. @throws StoreProblem
  void map();

  /// @brief Takes the writer's lock, which the system drops when the process ends in any way.
  /// @return false when another process (or object) holds it.
  [[nodiscard]] bool try_lock();

  /// @brief Whether `path` still names this very file.
  [[nodiscard]] bool is_at(const std::string& path) const;

  [[nodiscard]] bool is_open() const { return handle_ >= 0; }
  [[nodiscard]] std::uint64_t size() const;

  /// @brief Whether all that is mapped is still there: what somebody cut off would be a bus error.
  [[nodiscard]] bool is_whole() const { return size() >= mapped_; }

  /// @brief Reads from the start without mapping. @return bytes read, fewer at the end of the file.
  std::size_t read_start(std::span<std::byte> into) const;

  [[nodiscard]] std::byte* data() const { return data_; }
  [[nodiscard]] std::uint64_t mapped_size() const { return mapped_; }

 private:
  int claim(std::uint64_t size);
  void reset() noexcept;

  int handle_ = -1;
  Access access_ = Access::read;
  std::byte* data_ = nullptr;
  std::uint64_t mapped_ = 0;
};

/// @brief A file that is written once, beside the one that it replaces when it is whole and on disk.
class OutputFile {
 public:
  /// @throws StoreProblem
  explicit OutputFile(const std::string& path);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  void write(const char* data, std::size_t bytes);
  /// @brief Syncs, renames, and syncs the folder. @return bytes of the file
  std::uint64_t commit();

 private:
  std::string path_;
  std::string temporary_;
  int handle_ = -1;
  std::uint64_t bytes_ = 0;
};

/// @brief Renames over an existing file, atomically.
void rename_file(const std::string& from, const std::string& to);

/// @brief Removes a file, if it is there.
void remove_file(const std::string& path) noexcept;

/// @brief Removes what a dead process left under a name; what a living one holds the lock of stays.
void remove_left(const std::string& path);

/// @brief Renames to `path.damaged-<n>` with the first free n. @return the new name.
std::string set_aside(const std::string& path);

std::uint64_t process_id();

/// @brief When this process began, in ticks since boot; 0 where unknown.
std::uint64_t process_start();

}  // namespace haihe::trend
