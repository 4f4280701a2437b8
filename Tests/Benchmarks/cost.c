/* Runs a program some times and prints the best and the middle of its wall times in milliseconds, its CPU time and the most
   memory it held, in KiB. In C, since a child's highest memory starts at its parent's. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

static int smaller(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

int main(int count, char **words) {
    if (count < 3) return 64;
    int turns = atoi(words[1]);
    if (turns < 1 || turns > 1000) return 64;
    double times[1000], processor = 0;
    long memory = 0;
    for (int turn = 0; turn < turns; turn++) {
        struct timespec start, end;
        struct rusage usage;
        int status;
        clock_gettime(CLOCK_MONOTONIC, &start);
        pid_t child = fork();
        if (child == 0) {
            int nothing = open("/dev/null", O_WRONLY);
            dup2(nothing, 1);
            execvp(words[2], words + 2);
            _exit(127);
        }
        if (child < 0 || wait4(child, &status, 0, &usage) < 0 || status != 0) return 1;
        clock_gettime(CLOCK_MONOTONIC, &end);
        times[turn] = (end.tv_sec - start.tv_sec) * 1e3 + (end.tv_nsec - start.tv_nsec) / 1e6;
        processor += usage.ru_utime.tv_sec * 1e3 + usage.ru_utime.tv_usec / 1e3 + usage.ru_stime.tv_sec * 1e3 + usage.ru_stime.tv_usec / 1e3;
        if (usage.ru_maxrss > memory) memory = usage.ru_maxrss;
    }
    qsort(times, turns, sizeof *times, smaller);
    printf("%.1f %.1f %.1f %ld\n", times[0], times[turns / 2], processor / turns, memory);
    return 0;
}
