# Flags, libraries of the system, and the two functions by which a folder says what it is.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

# Asserts are on in every build: no build type may bring -DNDEBUG with it.
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Optimized)
endif()
set(CMAKE_C_FLAGS_OPTIMIZED "-O2 -g")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g")

add_compile_definitions(_POSIX_C_SOURCE=200809L)

set(SHORTFALL_WARNINGS
    -Wall -Wextra -Wpedantic -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes
    -Wold-style-definition -Wundef -Wformat=2 -Wcast-qual -Wcast-align -Wpointer-arith
    -Wwrite-strings -Wvla -Wswitch-enum -Wimplicit-fallthrough -Wnull-dereference
    -Wdouble-promotion -Wfloat-equal)
set(SHORTFALL_CONVERSIONS -Wconversion -Wsign-conversion)

option(SHORTFALL_SANITIZE "address and undefined behaviour sanitizers" OFF)
option(SHORTFALL_FUZZ "fuzz targets in place of the tests, sanitized (clang)" OFF)
option(SHORTFALL_COVERAGE "count which lines run" OFF)
if(SHORTFALL_FUZZ AND NOT CMAKE_C_COMPILER_ID MATCHES Clang)
    message(FATAL_ERROR "SHORTFALL_FUZZ needs clang: cmake --preset fuzz")
endif()
if(SHORTFALL_FUZZ AND DEFINED ENV{LIB_FUZZING_ENGINE})
    # OSS-Fuzz chooses the sanitizers: they stand in CFLAGS.
elseif(SHORTFALL_SANITIZE OR SHORTFALL_FUZZ)
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all
                        -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
    if(SHORTFALL_FUZZ)
        add_compile_options(-fsanitize=fuzzer-no-link)
    endif()
elseif(SHORTFALL_COVERAGE)
    add_compile_options(-O0 --coverage)
    add_link_options(--coverage)
else()
    add_compile_options(-D_FORTIFY_SOURCE=2 -fstack-protector-strong)
endif()

find_package(PkgConfig REQUIRED)
pkg_check_modules(ZMQ REQUIRED IMPORTED_TARGET libzmq)
pkg_check_modules(MSGPACK REQUIRED IMPORTED_TARGET msgpack)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(YAJL REQUIRED IMPORTED_TARGET yajl)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)

# shortfall_library(NAME libs...): every .c of this folder as libshortfall_NAME.
function(shortfall_library name)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
    list(FILTER sources EXCLUDE REGEX "/main_")
    add_library(shortfall_${name} STATIC ${sources})
    target_include_directories(shortfall_${name} PUBLIC ${CMAKE_SOURCE_DIR}/include)
    target_compile_options(shortfall_${name} PRIVATE ${SHORTFALL_WARNINGS}
                                                     ${SHORTFALL_CONVERSIONS})
    target_link_libraries(shortfall_${name} PUBLIC ${ARGN})
endfunction()

# shortfall_program(NAME SOURCE libs...): build/bin/NAME from one main file.
function(shortfall_program name source)
    add_executable(${name} ${source})
    target_compile_options(${name} PRIVATE ${SHORTFALL_WARNINGS} ${SHORTFALL_CONVERSIONS})
    target_link_libraries(${name} PRIVATE ${ARGN})
endfunction()
