#include <nanobind/nanobind.h>

#include "haihe/trend/errors.hpp"

namespace haihe::trend {
void bind_writer(nanobind::module_& module);
void bind_reader(nanobind::module_& module);
}  // namespace haihe::trend

namespace haihe::raster {
void bind_raster(nanobind::module_& module);
}  // namespace haihe::raster

NB_MODULE(_core, module) {
  // Qt frees its widgets after the interpreter; what they hold is no leak, and an operator's terminal is no
  // place for it.
  nanobind::set_leak_warnings(false);
  module.doc() = "Compiled part of app.trend; use app.trend instead.";
  // The project's own error as base: callers of any method catch StoreError, and nothing needs converting.
  const nanobind::object base = nanobind::module_::import_("app.model.errors").attr("StoreError");
  auto problem = nanobind::exception<haihe::trend::StoreProblem>(module, "StoreProblem", base);
  nanobind::exception<haihe::trend::DamagedFile>(module, "DamagedFile", problem);
  haihe::trend::bind_writer(module);
  haihe::trend::bind_reader(module);
  haihe::raster::bind_raster(module);
}
