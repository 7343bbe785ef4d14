# Everything a newcomer needs: make demo, make test. The rest is for daily work.
PY := .venv/bin/python

.PHONY: demo test check check-setup lint types imports format native-test translations bench clean

demo: ## set up, build, and run plant, engine and console
	@scripts/setup.sh run
	@.venv/bin/haihe demo $(DEMO_ARGS)

test: ## set up, then every test (C++ and Python)
	@scripts/setup.sh test
	@$(MAKE) --no-print-directory native-test
	@QT_QPA_PLATFORM=offscreen $(PY) -m pytest $(PYTEST_ARGS)

check-setup: ## the set-up that the tests need, and nothing more
	@scripts/setup.sh test

check: lint types imports ## all that CI checks beside the tests

lint:
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@git ls-files 'native/*.cpp' 'native/*.hpp' 'native/*.h' | xargs -r .venv/bin/clang-format --dry-run --Werror

types:
	@$(PY) -m mypy

imports:
	@.venv/bin/lint-imports

format: ## rewrite Python and C++ in the project's style
	@$(PY) -m ruff check --fix -q . || true
	@$(PY) -m ruff format -q .
	@git ls-files 'native/*.cpp' 'native/*.hpp' 'native/*.h' | xargs -r .venv/bin/clang-format -i

native-test: ## the C++ library alone, without Python
	@.venv/bin/cmake -S . -B build/native -G Ninja -DCMAKE_MAKE_PROGRAM=$(CURDIR)/.venv/bin/ninja -DCMAKE_BUILD_TYPE=Release
	@.venv/bin/cmake --build build/native
	@.venv/bin/ctest --test-dir build/native --output-on-failure

translations: ## refresh the .ts file from the sources and compile it
	@$(PY) scripts/translations.py

bench: ## python -m benchmarks NAME... --json
	@$(PY) -m benchmarks $(or $(NAME),startup latency) --json

clean:
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
