// A running writer takes other slots: what goes on is as if it had always been there, wherever it is killed.
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <memory>
#include <random>
#include <thread>

#include "check.hpp"
#include "haihe/trend/successor.hpp"

using namespace haihe::trend;
using namespace haihe::trend::test;

namespace {

constexpr int kKills = 60;
const std::vector<std::uint32_t> kRings = {64, 64, 64, 64};
const std::vector<SlotSpec> kOld = {{"gone", kRings}, {"a", kRings}, {"b", {256, 64, 64, 64}}};
const std::vector<SlotSpec> kNew = {{"b", {256, 64, 64, 64}}, {"new", {128, 64}}, {"a", kRings}};

bool exists(const std::string& path) { return std::ifstream(path).good(); }

bool same(const Samples& x, const Samples& y) {
  return x.t_ns == y.t_ns && x.value == y.value && x.status == y.status && x.complete == y.complete;
}

template <typename T>
bool same_words(std::span<T> x, std::span<T> y) {
  return x.size() == y.size() && (x.empty() || std::memcmp(x.data(), y.data(), x.size_bytes()) == 0);
}

// Everything that readers can ask of a slot.
bool same_slot(const Reader& x, std::uint32_t slot_x, const Reader& y, std::uint32_t slot_y) {
  const Samples raw_x = x.raw(slot_x, 0, kMaxTime, 100000), raw_y = y.raw(slot_y, 0, kMaxTime, 100000);
  if (!same(raw_x, raw_y)) return false;
  for (const std::uint32_t columns : {3U, 40U, 4000U}) {
    const Envelope a = x.window(slot_x, 0, kMaxTime, columns, true);
    const Envelope b = y.window(slot_y, 0, kMaxTime, columns, true);
    if (!same_words(a.first_ns, b.first_ns) || !same_words(a.minimum, b.minimum)) return false;
    if (!same_words(a.last, b.last) || !same_words(a.count, b.count)) return false;
  }
  const Statistics a = x.statistics(slot_x, 0, kMaxTime), b = y.statistics(slot_y, 0, kMaxTime);
  const LiveSample live_x = x.live(slot_x), live_y = y.live(slot_y);
  return a.area == b.area && a.good_ns == b.good_ns && a.count == b.count &&
         live_x.source_ns == live_y.source_ns && live_x.value.number == live_y.value.number &&
         x.late(slot_x) == y.late(slot_y);
}

// `before` samples when it is made, `behind` more until it is taken over, then more by the new numbers.
void goes_on(const std::string& path, std::int64_t before, std::int64_t behind) {
  const std::string other = path + "-reference";
  std::remove(other.c_str());
  Writer reference(other, kNew, 1);
  Writer writer(path, kOld, 1);
  const Reader old(path);
  count(writer, 1, before, 1);
  count(writer, 1, 2 * before, 2);
  count(writer, 1, 10, 0);
  if (before > 1) CHECK(!writer.append(1, before - 1, real(0), 0, 0));  // late, and told so
  Successor next(path, kNew, 2);
  CHECK(next.kept() == 2 && next.partial() == 0 && old.is_current());
  count(writer, before + 1, before + behind, 1);
  writer.succeed(next, 3);
  CHECK(!old.is_current());
  CHECK(!exists(path + ".new"));
  CHECK(writer.messages().back() == "layout changed: 2 of 3 slots keep their samples");
  count(writer, before + behind + 1, before + behind + 5, 2);
  count(writer, 2 * before + 1, 2 * before + 20, 0);

  count(reference, 1, before, 2);
  if (before > 1) CHECK(!reference.append(2, before - 1, real(0), 0, 0));
  count(reference, before + 1, before + behind + 5, 2);
  count(reference, 1, 2 * before + 20, 0);
  reference.heartbeat(9), writer.heartbeat(9);
  const Reader now(path), expected(other);
  CHECK(now.view().name(0) == "b" && now.view().name(2) == "a");
  CHECK(same_slot(now, 2, expected, 2));
  CHECK(same_slot(now, 0, expected, 0));
  CHECK(now.raw(1, 0, kMaxTime, 10).t_ns.empty() && now.live(1).value.kind == Kind::none);
  CHECK(now.view().header->writer_pid == process_id() && now.view().header->clean == 0);
  std::vector<std::uint32_t> slots;
  (void)now.changed(1, slots);
  CHECK(slots.size() == 2);  // what goes on is told again; of a slot without samples there is nothing to tell
}

// Shorter rings keep all that fits; longer ones the raw samples.
void other_capacities(const std::string& path, std::int64_t samples, std::int64_t behind) {
  Writer writer(path, {{"a", {256, 64, 64}}, {"b", {64, 64, 64}}}, 1);
  for (const std::uint32_t slot : {0U, 1U}) count(writer, 1, samples, slot);
  Successor next(path, {{"b", {640, 64, 64}}, {"a", {64, 64, 64}}}, 2);
  for (const std::uint32_t slot : {0U, 1U}) count(writer, samples + 1, samples + behind, slot);
  writer.succeed(next, 3);
  for (const std::uint32_t slot : {0U, 1U}) count(writer, samples + behind + 1, samples + behind + 40, slot);
  const Reader reader(path);
  const std::int64_t last = samples + behind + 40;
  for (const std::uint32_t slot : {0U, 1U}) {
    const Samples raw = reader.raw(slot, 0, kMaxTime, 100000);
    CHECK(!raw.t_ns.empty() && raw.t_ns.back() == last);
    for (std::size_t i = 0; i < raw.t_ns.size(); ++i) {
      CHECK(raw.t_ns[i] == last - static_cast<std::int64_t>(raw.t_ns.size() - 1 - i));
      CHECK(raw.value[i] == static_cast<double>(raw.t_ns[i]));
    }
    const Envelope rows = reader.window(slot, 0, kMaxTime, 30, true);
    for (std::size_t i = 0; i < rows.count.size(); ++i) {
      CHECK(rows.minimum[i] == static_cast<double>(rows.first_ns[i]));
      CHECK(rows.maximum[i] == static_cast<double>(rows.last_ns[i]));
      CHECK(i == 0 || rows.first_ns[i] == rows.last_ns[i - 1] + 1);
    }
  }
  CHECK(reader.raw(0, 0, kMaxTime, 100000).t_ns.size() >=
        static_cast<std::size_t>(std::min<std::int64_t>(63, samples)));
  CHECK(reader.statistics(1, 0, kMaxTime).count ==
        static_cast<std::uint64_t>(last));  // its buckets are there
}

void refused(const std::string& path) {
  Writer writer(path, kOld, 1);
  count(writer, 1, 10, 1);
  {
    const Successor unwanted(path, kNew, 2);
    CHECK(exists(path + ".new"));
    CHECK(throws<StoreProblem>([&] { const Successor second(path, kNew, 2); }));
    CHECK(exists(path + ".new"));
  }
  CHECK(!exists(path + ".new"));
  CHECK(throws<std::invalid_argument>([&] { const Successor wrong(path, {{"", {64}}}, 2); }));
  CHECK(throws<StoreProblem>([&] { const Successor none(path + "-none", kNew, 2); }));
  Successor next(path, kNew, 2);
  writer.succeed(next, 3);
  CHECK(throws<StoreProblem>([&] { writer.succeed(next, 3); }));  // taken over already
  {
    std::remove((path + "-other").c_str());
    Writer other(path + "-other", kNew, 4);
    Successor foreign(path + "-other", kOld, 5);
    CHECK(throws<StoreProblem>([&] { writer.succeed(foreign, 6); }));
    CHECK(exists(path + "-other.new"));
  }
  count(writer, 11, 20, 2);
  CHECK(Reader(path).raw(2, 0, kMaxTime, 100).t_ns.size() == 20);
}

// Left by a writer that was killed while it made one; the next writer keeps its slots.
void left_over(const std::string& path) {
  {
    Writer writer(path, kOld, 1);
  }
  std::ofstream(path + ".new") << "begun";
  const Writer writer(path, kOld, 2);
  CHECK(!exists(path + ".new"));
}

// The long part runs in another thread, beside a writer at full speed and a reader.
void beside_a_writer(const std::string& path) {
  Writer writer(path, kOld, 1);
  std::int64_t n = 0;
  const auto append = [&](std::uint32_t a, std::uint32_t b) {
    ++n;
    CHECK(writer.append(a, n, real(static_cast<double>(n)), 0, n));
    CHECK(writer.append(b, n, real(static_cast<double>(-n)), 0, n));
  };
  for (int round = 0; round < 50; ++round) {
    const bool to_new = round % 2 == 0;
    const std::uint32_t a = to_new ? 1 : 2, b = to_new ? 2 : 0;
    std::unique_ptr<Successor> next;
    std::atomic<bool> made = false;
    std::thread maker([&] {
      next = std::make_unique<Successor>(path, to_new ? kNew : kOld, round + 2);
      made = true;
    });
    while (!made) append(a, b);
    maker.join();
    writer.succeed(*next, round + 2);
    const Reader reader(path);
    const Samples raw_a = reader.raw(to_new ? 2 : 1, 0, kMaxTime, 1000);
    const Samples raw_b = reader.raw(to_new ? 0 : 2, 0, kMaxTime, 1000);
    CHECK(n == 0 || (raw_a.t_ns.back() == n && raw_b.t_ns.back() == n));
    for (std::size_t i = 0; i < raw_a.t_ns.size(); ++i) {
      CHECK(raw_a.value[i] == static_cast<double>(raw_a.t_ns[i]));
      CHECK(i == 0 || raw_a.t_ns[i] == raw_a.t_ns[i - 1] + 1);
    }
    for (std::size_t i = 0; i < raw_b.t_ns.size(); ++i) {
      CHECK(raw_b.value[i] == -static_cast<double>(raw_b.t_ns[i]));
    }
    const Envelope rows = reader.window(to_new ? 2 : 1, 0, kMaxTime, 30);
    for (std::size_t i = 0; i < rows.count.size(); ++i) {
      CHECK(rows.minimum[i] == static_cast<double>(rows.first_ns[i]));
    }
  }
}

[[noreturn]] void change_until_killed(const std::string& path, std::atomic<std::int64_t>& acknowledged) {
  Writer writer(path, kOld, 1);
  const Reader reader(path);
  std::uint32_t slot = 1;
  std::int64_t n = reader.live(slot).source_ns;
  for (int round = 0;; ++round) {
    Successor next(path, slot == 1 ? kNew : kOld, round + 2);
    for (int i = 0; i < 20; ++i, acknowledged = n) {
      ++n;
      writer.append(slot, n, real(static_cast<double>(n)), 0, n);
    }
    writer.succeed(next, round + 2);
    slot = slot == 1 ? 2 : 1;
  }
}

void killed_at_any_time(const std::string& path) {
  void* memory = ::mmap(nullptr, sizeof(std::atomic<std::int64_t>), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto& acknowledged = *new (memory) std::atomic<std::int64_t>{0};
  std::mt19937 random(7);
  for (int kill = 0; kill < kKills; ++kill) {
    const std::int64_t before = acknowledged;
    const pid_t writer = ::fork();
    if (writer == 0) change_until_killed(path, acknowledged);
    while (acknowledged <= before) ::usleep(10);
    const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(random() % 3000000);
    while (std::chrono::steady_clock::now() < until) {
    }
    ::kill(writer, SIGKILL);
    int status = 0;
    ::waitpid(writer, &status, 0);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    const Reader reader(path);
    const std::uint32_t slot = reader.view().name(1) == "a" ? 1 : 2;
    const Samples raw = reader.raw(slot, 0, kMaxTime, 1000);
    CHECK(!raw.t_ns.empty() && raw.t_ns.back() >= acknowledged && raw.t_ns.back() <= acknowledged + 1);
    for (std::size_t i = 1; i < raw.t_ns.size(); ++i) CHECK(raw.t_ns[i] == raw.t_ns[i - 1] + 1);
  }
  const Writer last(path, kOld, 9);
  CHECK(!exists(path + ".new"));
  ::munmap(memory, sizeof(std::atomic<std::int64_t>));
}

}  // namespace

int main(int, char** argv) {
  for (const std::int64_t before : {0, 1, 16, 63, 64, 65, 1000}) {
    for (const std::int64_t behind : {0, 1, 15, 16, 63, 64, 65, 300}) {
      goes_on(fresh(argv, "successor"), before, behind);
      if (before != 0) other_capacities(fresh(argv, "successor-rings"), before, behind);
    }
  }
  refused(fresh(argv, "successor-refused"));
  left_over(fresh(argv, "successor-left"));
  beside_a_writer(fresh(argv, "successor-beside"));
  killed_at_any_time(fresh(argv, "successor-killed"));
  return result();
}
