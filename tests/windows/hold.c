/* Holds a file open as another program would, until its input ends: hold.exe SHARING FILE, where
   sharing is what CreateFile takes: 0 lets nobody in, 1 readers, as Excel does. */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

int main(int count, char **arguments) {
    HANDLE file;
    if (count != 3)
        return 2;
    file = CreateFileA(arguments[2], GENERIC_READ | GENERIC_WRITE, atoi(arguments[1]), NULL,
                       OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return 1;
    puts("held");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    CloseHandle(file);
    return 0;
}
