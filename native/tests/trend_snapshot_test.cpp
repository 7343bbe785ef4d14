// A reader that the writer laps while it reads: it must notice, and read again further from the writer.
#include "check.hpp"
#include "snapshot.hpp"

using namespace haihe::trend;
using namespace haihe::trend::test;

namespace {

void lapped_by_one(const std::string& path) {
  Writer writer(path, {{"a", {64, 64}}}, 0);
  count(writer, 1, 200);
  const Reader reader(path);
  Snapshot rings(reader.view().rings[0], reader.view().live[0], 0);
  CHECK(rings.head() == 200 && rings.floor(0) == 200 - 63 && rings.begin(0) == 192);
  CHECK(rings.validate());  // nothing read, nothing lost
  rings.touch(0, rings.floor(0));
  count(writer, 201, 201);
  CHECK(rings.validate());  // the item kept free is being written, not the one read
  count(writer, 202, 202);
  CHECK(!rings.validate());
}

void buckets_are_lapped_too(const std::string& path) {
  Writer writer(path, {{"a", {64, 64}}}, 0);
  count(writer, 1, 16 * 200);
  const Reader reader(path);
  Snapshot rings(reader.view().rings[0], reader.view().live[0], 0);
  rings.touch(1, rings.floor(1));
  count(writer, 16 * 200 + 1, 16 * 201);
  CHECK(rings.validate());
  count(writer, 16 * 201 + 1, 16 * 201 + 1);
  CHECK(!rings.validate());
}

void a_query_is_repeated(const std::string& path) {
  Writer writer(path, {{"a", {256}}}, 0);
  count(writer, 1, 1000);
  const Reader reader(path);
  std::int64_t next = 1001;
  int runs = 0;
  const std::uint64_t oldest = consistent(reader.view(), 0, [&](Snapshot& rings) {
    ++runs;
    rings.touch(0, rings.floor(0));
    count(writer, next, next + 19);
    next += 20;
    return rings.floor(0);
  });
  CHECK(runs == 2 && oldest == 1020 - 255 + 32);
}

// However far a repeated query keeps from the writer, its levels join without a hole.
void every_margin_leaves_the_tail(const std::string& path) {
  Writer writer(path, {{"a", {64, 64, 64}}}, 0);
  const Reader reader(path);
  for (std::int64_t n = 1; n <= 20000; ++n) {
    count(writer, n, n);
    if (n % 7 != 0) continue;
    for (const std::uint64_t margin : {0U, 32U, 64U, 1U << 19}) {
      const Snapshot rings(reader.view().rings[0], reader.view().live[0], margin);
      for (std::uint32_t level = 0; level < 2; ++level) {
        CHECK(rings.begin(level) == rings.end(level + 1) << child_bits(level + 1));
      }
    }
  }
}

void endless_lapping_is_an_error(const std::string& path) {
  Writer writer(path, {{"a", {64}}}, 0);
  count(writer, 1, 100);
  const Reader reader(path);
  std::int64_t next = 101;
  CHECK(throws<StoreProblem>([&] {
    consistent(reader.view(), 0, [&](Snapshot& rings) {
      rings.touch(0, rings.floor(0));
      count(writer, next, next + 199);
      next += 200;
      return 0;
    });
  }));
}

}  // namespace

int main(int, char** argv) {
  lapped_by_one(fresh(argv, "snapshot-one"));
  buckets_are_lapped_too(fresh(argv, "snapshot-buckets"));
  a_query_is_repeated(fresh(argv, "snapshot-repeat"));
  every_margin_leaves_the_tail(fresh(argv, "snapshot-margin"));
  endless_lapping_is_an_error(fresh(argv, "snapshot-endless"));
  return result();
}
