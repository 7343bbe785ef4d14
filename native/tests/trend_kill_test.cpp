// A writer killed 200 times at any instruction, beside two reading processes: what it acknowledged is there,
// and nobody ever sees a torn sample, bucket or live record.
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>

#include "check.hpp"

using namespace haihe::trend;
using namespace haihe::trend::test;

namespace {

constexpr int kKills = 200;
constexpr int kReaders = 2;
const std::vector<SlotSpec> kSlots = {{"a", {64, 64, 64, 64}}, {"b", {256, 64, 64, 64}}};

// Shared by all processes.
struct Shared {
  std::atomic<std::int64_t> acknowledged[2];
  std::atomic<std::uint64_t> rounds[kReaders];
  std::atomic<bool> done;
};

[[noreturn]] void write_until_killed(const std::string& path, Shared& shared) {
  Writer writer(path, kSlots, 1);
  const Reader reader(path);
  for (std::int64_t n = reader.live(0).source_ns + 1;; ++n) {
    for (std::uint32_t slot = 0; slot < 2; ++slot) {
      if (n % 3 != 0) {
        writer.append(slot, n, real(static_cast<double>(n)), 0, n + 1);
      } else {
        const double value = static_cast<double>(n);
        const std::uint32_t good = 0;
        writer.append_batch({&slot, 1}, {&n, 1}, {&value, 1}, {&good, 1}, n + 1);
      }
      shared.acknowledged[slot] = n;
    }
  }
}

void check_slot(const Reader& reader, std::uint32_t slot) {
  const Samples raw = reader.raw(slot, 0, kMaxTime, 100000);
  for (std::size_t i = 0; i < raw.t_ns.size(); ++i) {
    CHECK(raw.value[i] == static_cast<double>(raw.t_ns[i]));
    CHECK(i == 0 || raw.t_ns[i] > raw.t_ns[i - 1]);
  }
  const Envelope rows = reader.window(slot, 0, kMaxTime, 30);
  for (std::size_t i = 0; i < rows.count.size(); ++i) {
    CHECK(rows.minimum[i] == static_cast<double>(rows.first_ns[i]));
    CHECK(rows.maximum[i] == static_cast<double>(rows.last_ns[i]));
    CHECK(i == 0 || rows.first_ns[i] > rows.last_ns[i - 1]);
  }
  const LiveSample live = reader.live(slot);
  CHECK(live.value.number == static_cast<double>(live.source_ns) || live.value.kind == Kind::none);
}

// In a process of its own; its exit status tells.
[[noreturn]] void read_until_done(const std::string& path, Shared& shared, int number) {
  const Reader reader(path);
  while (!shared.done) {
    const bool whole = unless_lapped([&] {
      for (std::uint32_t slot = 0; slot < 2; ++slot) check_slot(reader, slot);
    });
    shared.rounds[number] += whole ? 1 : 0;
  }
  std::_Exit(result());
}

void wait_for_more(const std::atomic<std::int64_t>& counter, std::int64_t than) {
  while (counter <= than) ::usleep(10);
}

void kill_many_times(const std::string& path) {
  void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto& shared = *new (memory) Shared{};
  {
    Writer writer(path, kSlots, 1);
  }
  pid_t readers[kReaders];
  for (int n = 0; n < kReaders; ++n) {
    readers[n] = ::fork();
    if (readers[n] == 0) read_until_done(path, shared, n);
  }
  std::mt19937 random(7);
  for (int n = 0; n < kKills; ++n) {
    const std::int64_t before = shared.acknowledged[1];
    const pid_t writer = ::fork();
    if (writer == 0) write_until_killed(path, shared);
    wait_for_more(shared.acknowledged[1], before);
    const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(random() % 1000000);
    while (std::chrono::steady_clock::now() < until) {
    }
    ::kill(writer, SIGKILL);
    int status = 0;
    ::waitpid(writer, &status, 0);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    const Reader reader(path);
    for (std::uint32_t slot = 0; slot < 2; ++slot) {
      check_slot(reader, slot);
      const Samples newest = reader.raw(slot, shared.acknowledged[slot], kMaxTime, 10);
      CHECK(!newest.t_ns.empty() && newest.t_ns.front() == shared.acknowledged[slot]);
      CHECK(newest.t_ns.size() <= 2);
    }
  }
  shared.done = true;
  for (const pid_t reader : readers) {
    int status = 0;
    ::waitpid(reader, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  for (const auto& rounds : shared.rounds) CHECK(rounds > 0);
  std::printf("%lld samples\n", static_cast<long long>(shared.acknowledged[0]));
  ::munmap(memory, sizeof(Shared));
}

}  // namespace

int main(int, char** argv) {
  kill_many_times(fresh(argv, "kill"));
  return result();
}
