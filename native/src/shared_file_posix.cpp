#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

#include "haihe/trend/errors.hpp"
#include "haihe/trend/shared_file.hpp"
#include "huge_pages.hpp"

namespace haihe::trend {
namespace {

bool is_full(int code) { return code == ENOSPC || code == EDQUOT || code == EFBIG; }

[[noreturn]] void fail(const std::string& what, const std::string& path, int code) {
  std::string text = what + " " + path + ": " + std::strerror(code);
  if (is_full(code))
    text += " (shared memory is full; set HAIHE_SHM to a larger directory or shorten the rings)";
  throw StoreProblem(text);
}

[[noreturn]] void fail_output(const std::string& path, int code) {
  std::string text = "cannot write " + path + ": " + std::strerror(code);
  if (is_full(code)) text += " (make room there, or set HAIHE_STATE to a larger disk)";
  throw StoreProblem(text);
}

// Writes zeros where the file system cannot claim space: a hole would be a bus error once there is no room.
int fill(int handle, std::uint64_t size) {
  const std::vector<char> zeros(std::size_t{1} << 16);
  for (std::uint64_t at = 0; at < size;) {
    const std::size_t part = std::min<std::uint64_t>(zeros.size(), size - at);
    const ssize_t done = ::pwrite(handle, zeros.data(), part, static_cast<off_t>(at));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return errno;
    at += static_cast<std::uint64_t>(done);
  }
  return 0;
}

// A rename is on disk when its folder is. File systems that cannot sync a folder do so by themselves.
void sync_folder(const std::string& path) {
  const auto end = path.rfind('/');
  const std::string folder = end == std::string::npos ? "." : end == 0 ? "/" : path.substr(0, end);
  const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return;
  const int code = ::fsync(handle) == 0 ? 0 : errno;
  ::close(handle);
  if (code == EIO) fail_output(path, code);
}

struct stat status_of(int handle) {
  struct stat result{};
  if (::fstat(handle, &result) != 0)
    throw StoreProblem(std::string("cannot stat trend store: ") + std::strerror(errno));
  return result;
}

}  // namespace

SharedFile::SharedFile(SharedFile&& other) noexcept
    : handle_(std::exchange(other.handle_, -1)),
      access_(other.access_),
      data_(std::exchange(other.data_, nullptr)),
      mapped_(std::exchange(other.mapped_, 0)) {}

SharedFile& SharedFile::operator=(SharedFile&& other) noexcept {
  if (this != &other) {
    reset();
    handle_ = std::exchange(other.handle_, -1);
    access_ = other.access_;
    data_ = std::exchange(other.data_, nullptr);
    mapped_ = std::exchange(other.mapped_, 0);
  }
  return *this;
}

SharedFile::~SharedFile() { reset(); }

void SharedFile::reset() noexcept {
  if (data_ != nullptr) ::munmap(data_, mapped_);
  if (handle_ >= 0) ::close(handle_);
  data_ = nullptr;
  mapped_ = 0;
  handle_ = -1;
}

SharedFile SharedFile::open(const std::string& path, Access access) {
  SharedFile file;
  file.access_ = access;
  const int mode = access == Access::write ? O_RDWR : O_RDONLY;
  file.handle_ = ::open(path.c_str(), mode | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);  // a pipe would wait
  if (file.handle_ < 0 && errno != ENOENT) fail("cannot open trend store", path, errno);
  if (file.handle_ < 0) return file;
  // Shared memory is open to every user: what another one put there is nobody's store.
  const struct stat found = status_of(file.handle_);
  if (!S_ISREG(found.st_mode)) throw StoreProblem("trend store " + path + " is not a file");
  if (found.st_uid != ::geteuid()) throw StoreProblem("trend store " + path + " belongs to another user");
  return file;
}

SharedFile SharedFile::create(const std::string& path, std::uint64_t size) {
  // What a dead process left is in nobody's hands; what a living one is making must not be taken away from
  // it.
  SharedFile left = open(path, Access::write);
  if (left.is_open() && !left.try_lock()) throw StoreProblem(path + " is being made by another process");
  ::unlink(path.c_str());
  SharedFile file;
  file.access_ = Access::write;
  file.handle_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file.handle_ < 0) fail("cannot create trend store", path, errno);
  if (!file.try_lock() || !file.is_at(path)) throw StoreProblem(path + " is being made by another process");
  const int code = file.claim(size);
  if (code != 0) {
    ::unlink(path.c_str());
    fail("cannot claim " + std::to_string(size) + " bytes for trend store", path, code);
  }
  return file;
}

// @return the system's code where there is no room
int SharedFile::claim(std::uint64_t size) {
  if (::ftruncate(handle_, static_cast<off_t>(size)) != 0) return errno;
  map();
  ask_for_huge_pages(handle_, data_, size);
  int code = 0;
  do code = ::posix_fallocate(handle_, 0, static_cast<off_t>(size));
  while (code == EINTR);
  return code == EOPNOTSUPP || code == EINVAL ? fill(handle_, size) : code;
}

void SharedFile::map() {
  const std::uint64_t bytes = size();
  const int protection = access_ == Access::write ? PROT_READ | PROT_WRITE : PROT_READ;
  void* at = ::mmap(huge_page_address(bytes), bytes, protection, MAP_SHARED, handle_, 0);
  if (at == MAP_FAILED) throw StoreProblem(std::string("cannot map trend store: ") + std::strerror(errno));
  data_ = static_cast<std::byte*>(at);
  mapped_ = bytes;
}

bool SharedFile::try_lock() {
  if (::flock(handle_, LOCK_EX | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  throw StoreProblem(std::string("cannot lock trend store: ") + std::strerror(errno));
}

bool SharedFile::is_at(const std::string& path) const {
  struct stat named{};
  if (::lstat(path.c_str(), &named) != 0) return false;
  const struct stat own = status_of(handle_);
  return named.st_ino == own.st_ino && named.st_dev == own.st_dev;
}

std::uint64_t SharedFile::size() const { return static_cast<std::uint64_t>(status_of(handle_).st_size); }

std::size_t SharedFile::read_start(std::span<std::byte> into) const {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got = ::pread(handle_, into.data() + done, into.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw StoreProblem(std::string("cannot read trend store: ") + std::strerror(errno));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

OutputFile::OutputFile(const std::string& path) : path_(path), temporary_(path + ".new") {
  ::unlink(temporary_.c_str());
  handle_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (handle_ < 0) throw StoreProblem("cannot create " + temporary_ + ": " + std::strerror(errno));
}

OutputFile::~OutputFile() {
  if (handle_ < 0) return;
  ::close(handle_);
  ::unlink(temporary_.c_str());
}

void OutputFile::write(const char* data, std::size_t bytes) {
  while (bytes > 0) {
    const ssize_t done = ::write(handle_, data, bytes);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) fail_output(temporary_, errno);
    data += done;
    bytes -= static_cast<std::size_t>(done);
    bytes_ += static_cast<std::uint64_t>(done);
  }
}

std::uint64_t OutputFile::commit() {
  if (::fsync(handle_) != 0) fail_output(temporary_, errno);
  rename_file(temporary_, path_);
  ::close(handle_);
  handle_ = -1;
  sync_folder(path_);
  return bytes_;
}

void rename_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) fail("cannot rename " + from + " to", to, errno);
}

void remove_file(const std::string& path) noexcept { ::unlink(path.c_str()); }

void remove_left(const std::string& path) {
  SharedFile left = SharedFile::open(path, SharedFile::Access::write);
  if (left.is_open() && left.try_lock() && left.is_at(path)) remove_file(path);
}

std::string set_aside(const std::string& path) {
  for (int n = 1;; ++n) {
    std::string target = path + ".damaged-" + std::to_string(n);
    struct stat ignored{};
    if (::lstat(target.c_str(), &ignored) == 0) continue;
    rename_file(path, target);
    return target;
  }
}

std::uint64_t process_id() { return static_cast<std::uint64_t>(::getpid()); }

std::uint64_t process_start() {
  // Field 22 of /proc/self/stat; the second field may hold spaces, so count from its closing bracket.
  char text[1024];
  std::FILE* file = std::fopen("/proc/self/stat", "re");
  if (file == nullptr) return 0;
  const std::size_t length = std::fread(text, 1, sizeof text - 1, file);
  std::fclose(file);
  text[length] = '\0';
  const char* at = std::strrchr(text, ')');
  unsigned long long start = 0;
  if (at == nullptr ||
      std::sscanf(at + 1, " %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
                  &start) != 1) {
    return 0;
  }
  return start;
}

}  // namespace haihe::trend
