/* A library of Windows that Wine lacks before its version 9, and that every program of Rust's asks
   for random numbers. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(BYTE *numbers, SIZE_T length) {
    return RtlGenRandom(numbers, (ULONG)length);
}
