#include <nanobind/nanobind.h>

#include "haihe/trend/errors.hpp"

namespace haihe::trend {
void bind_writer(nanobind::module_& module);
void bind_reader(nanobind::module_& module);
}  // namespace haihe::trend

NB_MODULE(_core, module) {
  module.doc() = "Compiled part of app.trend; use app.trend instead.";
  auto problem = nanobind::exception<haihe::trend::StoreProblem>(module, "StoreProblem", PyExc_OSError);
  nanobind::exception<haihe::trend::DamagedFile>(module, "DamagedFile", problem);
  haihe::trend::bind_writer(module);
  haihe::trend::bind_reader(module);
}
