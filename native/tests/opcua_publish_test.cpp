// PublishResponses written here byte by byte, whole, cut short and bent.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "haihe/opcua/publish.hpp"

using namespace haihe::opcua;

namespace {

int failures = 0;
#define CHECK(condition)                                                  \
  do {                                                                    \
    if (!(condition)) {                                                   \
      std::printf("%s:%d: FAILED: %s\n", __FILE__, __LINE__, #condition); \
      ++failures;                                                         \
    }                                                                     \
  } while (false)

constexpr std::int64_t kEpochTicks = 116'444'736'000'000'000;
constexpr std::int64_t kReceived = 77;

/// @brief Bytes of a message, in the order in which they are put.
struct Bytes {
  std::vector<std::byte> all;
  template <typename T>
  Bytes& put(T value) {
    const auto* at = reinterpret_cast<const std::byte*>(&value);
    all.insert(all.end(), at, at + sizeof(T));
    return *this;
  }
  Bytes& put(const Bytes& other) {
    all.insert(all.end(), other.all.begin(), other.all.end());
    return *this;
  }
  Bytes& text(const std::string& letters) {
    put(static_cast<std::int32_t>(letters.size()));
    for (const char letter : letters) put(letter);
    return *this;
  }
};

using U8 = std::uint8_t;
using U16 = std::uint16_t;
using U32 = std::uint32_t;
using I32 = std::int32_t;
using I64 = std::int64_t;

Bytes four_byte_id(U16 id) { return Bytes().put(U8{1}).put(U8{0}).put(id); }

Bytes data_change(I32 count, const Bytes& items) {
  const Bytes body = Bytes().put(count).put(items).put(I32{-1});
  return four_byte_id(811).put(U8{1}).put(static_cast<I32>(body.all.size())).put(body);
}

Bytes response(I32 notifications, const Bytes& data) {
  Bytes message = four_byte_id(829);
  message.put(I64{1}).put(U32{2}).put(U32{0}).put(U8{0}).put(I32{-1}).put(U8{0}).put(U8{0}).put(
      U8{0});                                                          // header
  message.put(U32{9}).put(I32{2}).put(U32{4}).put(U32{5}).put(U8{1});  // subscription, available, more
  message.put(U32{5}).put(I64{3}).put(notifications).put(data);
  return message.put(I32{1}).put(U32{0}).put(I32{0});  // results, diagnostics
}

bool decode(const Bytes& message, Publish& found) {
  found = Publish();
  return decode_publish(message.all, kReceived, found);
}

Bytes item(U32 handle, U8 mask) { return Bytes().put(handle).put(mask); }

void test_numbers() {
  Bytes items;
  items.put(item(1, 0x01)).put(U8{kBoolean}).put(U8{7});
  items.put(item(2, 0x03)).put(U8{kSByte}).put(std::int8_t{-3}).put(U32{0x80000000});
  items.put(item(3, 0x05)).put(U8{kUInt16}).put(U16{65535}).put(kEpochTicks + 25);
  items.put(item(4, 0x09)).put(U8{kInt64}).put(-(I64{1} << 53)).put(kEpochTicks + 30);
  items.put(item(5, 0x3D))
      .put(U8{kFloat})
      .put(1.5F)
      .put(I64{0})
      .put(U16{8})
      .put(kEpochTicks + 40)
      .put(U16{9});
  items.put(item(6, 0x00));
  items.put(item(7, 0x01)).put(U8{kNull});
  Publish found;
  CHECK(decode(response(1, data_change(7, items)), found));
  CHECK(found.subscription == 9 && found.sequence == 5 && !found.is_keepalive && found.skipped.empty());
  CHECK((found.handle == std::vector<U32>{1, 2, 3, 4, 5, 6, 7}));
  CHECK(found.value[0] == 1.0 && found.value[1] == -3.0 && found.value[2] == 65535.0);
  CHECK(found.value[3] == -9007199254740992.0 && found.value[4] == 1.5);
  CHECK(std::isnan(found.value[5]) && std::isnan(found.value[6]));
  CHECK((found.status == std::vector<U32>{0, 0x80000000, 0, 0, 0, 0, 0}));
  CHECK((found.source_ns == std::vector<I64>{kReceived, kReceived, 2000, 3000, 4000, kReceived, kReceived}));
  CHECK((found.kind == std::vector<U8>{kBoolean, kSByte, kUInt16, kInt64, kFloat, kNull, kNull}));
}

void test_what_is_no_number_is_named_by_its_bytes() {
  Bytes items = item(1, 0x01).put(U8{kByte}).put(U8{1});
  const std::vector<Bytes> others = {
      item(2, 0x03).put(U8{12}).text("text").put(U32{1}),
      item(3, 0x01).put(U8{0x80 | kDouble}).put(I32{2}).put(1.0).put(2.0),
      item(4, 0x05).put(U8{0xC0 | 12}).put(I32{1}).text("x").put(I32{1}).put(I32{1}).put(I64{5}),
      item(5, 0x01).put(U8{13}).put(I64{5}),
      item(6, 0x01).put(U8{kInt64}).put((I64{1} << 53) + 1),
      item(7, 0x01).put(U8{kUInt64}).put(~std::uint64_t{0}),
      item(8, 0x01).put(U8{22}).put(four_byte_id(300)).put(U8{1}).text("body"),
      item(9, 0x01).put(U8{21}).put(U8{3}).text("en").text("word"),
      item(10, 0x01).put(U8{23}).put(U8{0x01}).put(U8{12}).text("inner"),
      item(11, 0x01).put(U8{0x80 | 24}).put(I32{1}).put(U8{kByte}).put(U8{1}),
      item(12, 0x01).put(U8{17}).put(U8{3}).put(U16{2}).text("node"),
      item(13, 0x01).put(U8{20}).put(U16{2}).text("name"),
      item(14, 0x01).put(U8{14}).put(I64{1}).put(I64{1}),
      item(15, 0x01).put(U8{19}).put(U32{1}),
  };
  for (const Bytes& other : others) items.put(other);
  items.put(item(99, 0x01)).put(U8{kByte}).put(U8{2});
  const Bytes message = response(1, data_change(static_cast<I32>(others.size()) + 2, items));
  Publish found;
  CHECK(decode(message, found));
  CHECK((found.handle == std::vector<U32>{1, 99}));
  CHECK(found.skipped.size() == others.size());
  for (std::size_t n = 0; n < others.size() && n < found.skipped.size(); ++n) {
    const Skipped& one = found.skipped[n];
    CHECK(one.row == 1 && one.size == others[n].all.size());
    CHECK(std::memcmp(message.all.data() + one.offset, others[n].all.data(), one.size) == 0);
  }
}

void test_times_that_are_none() {
  Bytes items;
  const std::vector<I64> ticks = {0, -1, kEpochTicks - 1, I64{0x7FFFFFFFFFFFFFFF}, 2'650'467'743'990'000'000};
  for (const I64 one : ticks) items.put(item(1, 0x04)).put(one);
  Publish found;
  CHECK(decode(response(1, data_change(static_cast<I32>(ticks.size()), items)), found));
  for (const I64 source_ns : found.source_ns) CHECK(source_ns == kReceived);
}

void test_keep_alive_and_several_notifications() {
  Publish found;
  CHECK(decode(response(0, {}), found) && found.is_keepalive && found.sequence == 5);
  CHECK(decode(response(-1, {}), found) && found.is_keepalive);
  const Bytes one = data_change(1, item(1, 0x01).put(U8{kByte}).put(U8{1}));
  CHECK(decode(response(2, Bytes().put(one).put(one)), found) && found.handle.size() == 2);
  CHECK(decode(response(1, data_change(-1, {})), found) && found.handle.empty() && !found.is_keepalive);
}

void test_what_is_not_ours() {
  Publish found;
  const Bytes status_change = four_byte_id(820).put(U8{1}).put(I32{5}).put(U32{0x800A0000}).put(U8{0});
  CHECK(!decode(response(1, status_change), found));
  CHECK(!decode(four_byte_id(397), found));
  CHECK(!decode(response(1, data_change(1, item(1, 0x40))), found));                           // unknown mask
  CHECK(!decode(response(1, data_change(1, item(1, 0x01).put(U8{25}).put(U8{0}))), found));    // diagnostics
  CHECK(!decode(response(1, data_change(1, item(1, 0x01).put(U8{31}).put(I32{0}))), found));   // unknown type
  CHECK(!decode(response(1, data_change(1, item(1, 0x01).put(U8{0x41}).put(U8{1}))), found));  // dimensions
  CHECK(!decode(response(1, data_change(1 << 30, item(1, 0x00))), found));                     // count
  CHECK(!decode(response(1, data_change(1, item(1, 0x01).put(U8{12}).put(I32{-2}))), found));  // length
  CHECK(!decode(response(1, data_change(1, item(1, 0x01).put(U8{0x80}).put(I32{1 << 30}))),
                found));  // of nulls
  Bytes deep = item(1, 0x01);
  for (int n = 0; n < 100; ++n) deep.put(U8{24});
  CHECK(!decode(response(1, data_change(1, deep.put(U8{0}))), found));
}

void test_every_message_cut_short_is_refused() {
  const Bytes items =
      item(1, 0x3F).put(U8{kDouble}).put(1.0).put(U32{0}).put(I64{1}).put(U16{1}).put(I64{1}).put(U16{1});
  Bytes message = response(1, data_change(2, Bytes().put(items).put(item(2, 0x01).put(U8{12}).text("text"))));
  Publish found;
  CHECK(decode(message, found));
  const std::vector<std::byte> whole = message.all;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    message.all.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(!decode(message, found));
  }
  message.all = whole;
  message.all.push_back(std::byte{0});
  CHECK(!decode(message, found));
}

}  // namespace

int main() {
  test_numbers();
  test_what_is_no_number_is_named_by_its_bytes();
  test_times_that_are_none();
  test_keep_alive_and_several_notifications();
  test_what_is_not_ours();
  test_every_message_cut_short_is_refused();
  return failures == 0 ? 0 : 1;
}
