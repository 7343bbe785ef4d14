#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <span>
#include <utility>
#include <vector>

namespace haihe::trend {

template <typename T>
using Array = nanobind::ndarray<nanobind::numpy, T, nanobind::ndim<1>, nanobind::c_contig>;
template <typename T>
using Input = nanobind::ndarray<const T, nanobind::ndim<1>, nanobind::c_contig, nanobind::device::cpu>;

/// @brief A numpy array that owns the vector's memory; nothing handed out points into the mapped file.
template <typename T>
Array<T> to_array(std::vector<T>&& values) {
  auto* owned = new std::vector<T>(std::move(values));
  nanobind::capsule owner(owned, [](void* at) noexcept { delete static_cast<std::vector<T>*>(at); });
  return Array<T>(owned->data(), {owned->size()}, owner);
}

/// @brief A numpy array of what lies in memory that `owner` keeps.
template <typename T>
Array<T> to_array(std::span<T> values, nanobind::handle owner) {
  return Array<T>(values.data(), {values.size()}, owner);
}

template <typename T>
std::span<const T> to_span(const Input<T>& array) {
  return {array.data(), array.shape(0)};
}

}  // namespace haihe::trend
