#pragma once

#include <curl/curl.h>

// The variadic calls of libcurl, once per class of argument: Swift imports no variadic C.
