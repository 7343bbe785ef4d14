// A writer and a reader of one file: live value, window, statistics, changes, the one-writer rule, layout
// change.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <numeric>

#include "check.hpp"
#include "haihe/trend/errors.hpp"

using namespace haihe::trend;
using namespace haihe::trend::test;

namespace {

constexpr std::int64_t kSecond = 1000000000;

void queries(const std::string& path) {
  Writer writer(path, {{"a", {64, 64, 64, 64}}, {"b", {1000, 100}}}, 1);
  for (std::int64_t i = 0; i < 5000; ++i) {
    CHECK(writer.append(0, i * kSecond, real(static_cast<double>(i % 100)), 0, 0));
  }
  const Reader reader(path);
  CHECK(reader.live(0).value.number == 99);
  const Envelope whole = reader.window(0, 0, 5000 * kSecond, 10);
  CHECK(!whole.is_raw && whole.count.size() <= 12);
  CHECK(*std::max_element(whole.maximum.begin(), whole.maximum.end()) == 99);
  CHECK(*std::min_element(whole.minimum.begin(), whole.minimum.end()) == 0);
  CHECK(std::accumulate(whole.count.begin(), whole.count.end(), std::uint64_t{0}) == 5000);
  const Statistics sums = reader.statistics(0, 0, 4999 * kSecond);
  CHECK(sums.count == 5000 && sums.exact && sums.area == 50 * 99.0 * 50 - 0.0 - 99);
  CHECK(reader.window(1, 0, kSecond, 3).count.empty());
  CHECK(reader.coverage(1).appended == 0);
}

void refusals(const std::string& path) {
  Writer writer(path, {{"a", {64}}}, 1);
  CHECK(throws<StoreProblem>([&] { Writer second(path, {{"a", {64}}}, 1); }));
  CHECK(throws<std::out_of_range>([&] { writer.append(1, 1, real(1), 0, 1); }));
  Reader reader(path);
  CHECK(throws<std::out_of_range>([&] { (void)reader.live(1); }));
  CHECK(throws<std::invalid_argument>([&] { (void)reader.window(0, 2, 1, 1); }));
  CHECK(throws<std::invalid_argument>([&] { (void)reader.window(0, 1, 2, 0); }));
  CHECK(throws<std::invalid_argument>([&] { (void)reader.statistics(0, 2, 1); }));
  reader.close();
  CHECK(throws<StoreProblem>([&] { (void)reader.live(0); }));
  CHECK(!reader.is_current());
  writer.close();
  CHECK(throws<StoreProblem>([&] { writer.append(0, 1, real(1), 0, 1); }));
  CHECK(throws<StoreProblem>([&] { writer.heartbeat(1); }));
  CHECK(throws<StoreProblem>([&] { Reader missing(path + "-missing"); }));
}

void changes(const std::string& path) {
  Writer writer(path, {{"a", {64}}, {"b", {64}}}, 1);
  const Reader reader(path);
  std::vector<std::uint32_t> slots;
  std::uint64_t cursor = reader.changed(0, slots);
  CHECK((slots == std::vector<std::uint32_t>{0, 1}));
  CHECK(reader.changed(cursor, slots) == cursor && slots.empty());
  count(writer, 1, 3, 1);
  cursor = reader.changed(cursor, slots);
  CHECK((slots == std::vector<std::uint32_t>{1}));
  CHECK(reader.changed(cursor, slots) == cursor && slots.empty());
}

void layout_change(const std::string& path) {
  {
    Writer writer(path, {{"a", {64}}, {"b", {64, 64}}}, 1);
    count(writer, 1, 500, 1);
  }
  const Reader old(path);
  Writer writer(path, {{"b", {64, 64}}, {"a", {128}}}, 2);
  CHECK(writer.messages().size() == 1);
  const Reader reader(path);
  CHECK(!old.is_current() && reader.is_current());
  CHECK(old.live(1).value.number == 500);  // a retired store stays readable
  CHECK(reader.view().header->generation != old.view().header->generation);
  CHECK(reader.live(0).value.number == 500 && reader.coverage(0).appended == 500);
  CHECK(reader.coverage(1).appended == 0);  // other capacities: begins anew
  count(writer, 501, 600, 0);
  CHECK(reader.live(0).value.number == 600);
}

// Two writers that both found nothing: the second must not take away what the first is making.
void one_builder_at_a_time(const std::string& path) {
  {
    const SharedFile other = SharedFile::create(path + ".new", 4096);
    CHECK(throws<StoreProblem>([&] { const Writer second(path, {{"a", {64}}}, 0); }));
    CHECK(other.is_at(path + ".new"));
  }
  const Writer writer(path, {{"a", {64}}}, 0);  // what a dead one left is taken over
  CHECK(writer.messages().empty());
  CHECK(throws<StoreProblem>([&] { const Writer second(path, {{"a", {64}}}, 0); }));
}

// Shared memory is open to every user: neither a pipe nor a file of somebody else is taken for the store.
void what_others_put_there(const std::string& path) {
  const auto refused = [&] {
    return throws<StoreProblem>([&] { const Reader reader(path); }) &&
           throws<StoreProblem>([&] { const Writer writer(path, {{"a", {64}}}, 0); });
  };
  CHECK(::mkfifo(path.c_str(), 0600) == 0);
  CHECK(refused());
  std::remove(path.c_str());
  {
    const Writer writer(path, {{"a", {64}}}, 0);
  }
  if (::geteuid() == 0) {  // only root can give a file away
    CHECK(::chown(path.c_str(), 4711, static_cast<gid_t>(-1)) == 0);
    CHECK(refused());
  }
}

}  // namespace

int main(int, char** argv) {
  queries(fresh(argv, "store-queries"));
  refusals(fresh(argv, "store-refusals"));
  changes(fresh(argv, "store-changes"));
  layout_change(fresh(argv, "store-layout"));
  one_builder_at_a_time(fresh(argv, "store-builder"));
  what_others_put_there(fresh(argv, "store-others"));
  return result();
}
