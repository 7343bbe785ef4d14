// Values that are no plain number: text, integers beyond 2^53, booleans, nothing; and gaps in bucket and
// window.
#include <cmath>
#include <limits>

#include "check.hpp"

using namespace haihe::trend;
using namespace haihe::trend::test;

namespace {

constexpr std::uint32_t kBad = 0x80000000U;
constexpr auto kLow = std::numeric_limits<std::int64_t>::min();
constexpr auto kHigh = std::numeric_limits<std::int64_t>::max();
const std::vector<SlotSpec> kSlots = {{"a", {64, 64}}};

bool same(const LiveValue& a, const LiveValue& b) {
  const bool numbers = a.number == b.number || (std::isnan(a.number) && std::isnan(b.number));
  return a.kind == b.kind && numbers && a.exact == b.exact && a.text == b.text;
}

void exact_values(const std::string& path) {
  const LiveValue values[] = {
      {Kind::text, kNaN, 0, "pump 1 泵"},
      {Kind::text, kNaN, 0, std::string(63, 'x')},
      {Kind::text, kNaN, 0, ""},
      {Kind::integer, -9223372036854775808.0, kLow, ""},
      {Kind::integer, 9223372036854775807.0, kHigh, ""},
      {Kind::integer, 9007199254740993.0, 9007199254740993, ""},
      {Kind::natural, 18446744073709551615.0, -1, ""},
      {Kind::boolean, 1, 1, ""},
      {Kind::real, -0.1, 0, ""},
      {Kind::none, kNaN, 0, ""},
  };
  std::int64_t time = 0;
  for (const LiveValue& value : values) {
    {
      Writer writer(path, kSlots, 0);
      ++time;
      CHECK(writer.append(0, time, value, 0x40000000U, time + 5));
      const LiveSample live = Reader(path).live(0);
      CHECK(same(live.value, value) && live.status == 0x40000000U);
      CHECK(live.source_ns == time && live.receive_ns == time + 5);
    }
    CHECK(same(Reader(path).live(0).value, value));  // also after the writer has gone
  }
  Writer writer(path, kSlots, 0);
  CHECK(writer.messages().empty());
  const LiveValue longer{Kind::text, kNaN, 0, std::string(64, 'x')};
  CHECK(throws<std::invalid_argument>([&] { writer.append(0, 100, longer, 0, 0); }));
  CHECK(same(Reader(path).live(0).value, values[9]));
}

void kinds_in_a_batch(const std::string& path) {
  Writer writer(path, kSlots, 0);
  const Reader reader(path);
  const std::uint32_t slots[] = {0, 0}, status[] = {0, 0};
  std::int64_t times[] = {1, 2};
  const auto append = [&](double value, Kind kind) {
    const double values[] = {0.5, value};
    const Kind kinds[] = {Kind::real, kind};
    CHECK(writer.append_batch(slots, times, values, status, 3, kinds) == 0);
    times[0] += 2;
    times[1] += 2;
    return reader.live(0).value;
  };
  CHECK(same(append(7, Kind::integer), {Kind::integer, 7, 7, ""}));
  CHECK(same(append(1, Kind::boolean), {Kind::boolean, 1, 1, ""}));
  CHECK(same(append(7.5, Kind::integer), {Kind::real, 7.5, 0, ""}));
  CHECK(same(append(1e300, Kind::integer), {Kind::real, 1e300, 0, ""}));
  CHECK(same(append(kNaN, Kind::integer), {Kind::real, kNaN, 0, ""}));
  CHECK(same(append(2, Kind::boolean), {Kind::real, 2, 0, ""}));
}

// Status bits that OPC UA reserves hold the kind in the ring: none comes in and none goes out.
void reserved_bits(const std::string& path) {
  Writer writer(path, kSlots, 0);
  const Reader reader(path);
  const std::uint32_t slot = 0, status = 0xFFFFFFFFU;
  const std::int64_t time = 2;
  const double value = 2;
  CHECK(writer.append(0, 1, {Kind::natural, 1, 1, ""}, status, 0));
  CHECK(reader.live(0).status == 0xCFFFCFFFU && reader.live(0).value.kind == Kind::natural);
  CHECK(writer.append_batch({&slot, 1}, {&time, 1}, {&value, 1}, {&status, 1}, 0) == 0);
  CHECK(reader.live(0).status == 0xCFFFCFFFU && reader.live(0).value.kind == Kind::real);
  CHECK(reader.raw(0, 0, 9, 9).status == (std::vector<std::uint32_t>{0xCFFFCFFFU, 0xCFFFCFFFU}));
  CHECK(reader.window(0, 0, 9, 1).status[0] == 0xCFFFCFFFU);
}

// What the ring cannot hold is lost with a half-written record, and then said to be lost.
void after_a_kill(const std::string& path) {
  const LiveValue values[] = {{Kind::text, kNaN, 0, "text"},
                              {Kind::integer, 12, 12, ""},
                              {Kind::boolean, 1, 1, ""},
                              {Kind::integer, 1e18, 0, ""}};
  const LiveValue expected[] = {{}, values[1], values[2], real(1e18)};
  for (int i = 0; i < 4; ++i) {
    {
      Writer writer(path, kSlots, 0);
      CHECK(writer.append(0, i + 1, values[i], 0, 0));
    }
    {
      SharedFile file = SharedFile::open(path, SharedFile::Access::write);
      file.map();
      View view = check_layout(file.data(), file.mapped_size());
      view.header->clean = 0;
      ++view.live[0].sequence;
    }
    CHECK(same(Reader(path).live(0).value, expected[i]));  // before the repair
    Writer writer(path, kSlots, 0);
    const LiveSample live = Reader(path).live(0);
    CHECK(same(live.value, expected[i]) && is_bad(live.status) == (i == 0));
  }
}

void gaps(const std::string& path) {
  Writer writer(path, kSlots, 0);
  for (std::int64_t n = 0; n < 640; ++n) {
    // every fourth sample is a gap: bad, NaN, infinite in turn
    const int turn = n % 4 == 3 ? static_cast<int>(n / 4 % 3) : -1;
    const double value = turn == 1 ? kNaN : turn == 2 ? HUGE_VAL : turn == 0 ? 1e9 : static_cast<double>(n);
    CHECK(writer.append(0, n, real(value), turn == 0 ? kBad : 0, 0));
  }
  const Envelope rows = Reader(path).window(0, 0, 639, 4);
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < rows.count.size(); ++i) {
    total += rows.count[i];
    CHECK(rows.maximum[i] <= 638 && rows.minimum[i] <= rows.maximum[i]);
    CHECK(rows.status[i] == kBad);
  }
  CHECK(total == 640 && std::isnan(rows.last.back()));
  const Statistics sums = Reader(path).statistics(0, 0, 639);
  CHECK(sums.count == 640 && sums.good_ns == 480 && sums.maximum == 638 && sums.minimum == 0);
}

}  // namespace

int main(int, char** argv) {
  exact_values(fresh(argv, "values-exact"));
  after_a_kill(fresh(argv, "values-kill"));
  reserved_bits(fresh(argv, "values-reserved"));
  kinds_in_a_batch(fresh(argv, "values-kinds"));
  gaps(fresh(argv, "values-gaps"));
  return result();
}
