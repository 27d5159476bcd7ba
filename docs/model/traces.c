/*
 * Reads a trace for replay.pml. One step in a line, members counted from 1; `#` begins a remark.
 *
 *   liars 2                 member 2 breaks the rules; its steps are not told
 *   1 starts 3              it runs, in view 3 by its disk
 *   1 crashes
 *   1 wishes 3 4 soft       hands its disk the wish to leave 3 for 4 at least; soft, hard, joined or joinedHard
 *   1 withdraws 3           hands its disk that no wish stands
 *   1 enters 4 from 3 by 1 2 3     hands its disk view 4, by these members' wishes from 3
 *   1 enters 4 elected      the same, by an election certificate
 *   1 stores 4 4 soft       the oldest record handed over is durable: view, wished view, reason
 *   1 publishes 3 4 soft    its wish leaves, or with 3 3 its withdrawal
 *   1 announces 4           it shows itself in view 4
 *   1 is-placed 4           the test puts it there
 *   1 votes 4 1             hands its disk the vote for statement 1 in view 4
 *   1 locks 4 1             that vote is durable
 *   1 shares 4 1            its share of the group's signature leaves
 *   1 certifies 4           the group's signature is complete
 */
#include "steps.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_LIMIT 20000
static struct { unsigned char op, member, a, b, by; int line; char text[64]; } step[STEPS_LIMIT];
static int steps, liar_count, liar_mask;

static void bad(int line, const char *text, const char *why) {
    printf("trace: line %d: %s: %s", line, why, text);
    exit(2);
}

static void refuse(int at) {
    printf("trace: line %d: not a step that the rules allow: %s", step[at].line, step[at].text);
}

static int reason(const char *word) {
    static const char *words[] = {"soft", "hard", "joined", "joinedHard"};
    for (int code = 0; code < 4; code++) if (strcmp(word, words[code]) == 0) return code;
    return -1;
}

static void load(int members, int views) {
    static const struct { const char *verb; int op, numbers; } verbs[] = {
        {"starts", STARTS, 1}, {"crashes", CRASHES, 0}, {"wishes", WISHES, 2}, {"withdraws", WITHDRAWS, 1},
        {"enters", ENTERS, 1}, {"stores", STORES, 2}, {"publishes", PUBLISHES, 2}, {"announces", ANNOUNCES, 1},
        {"is-placed", IS_PLACED, 1}, {"votes", VOTES, 2}, {"locks", LOCKS, 2}, {"shares", SHARES, 2},
        {"certifies", CERTIFIES, 1}
    };
    const char *path = getenv("TRACE");
    FILE *file = path ? fopen(path, "r") : NULL;
    if (!file) { printf("trace: cannot read %s\n", path ? path : "the file that TRACE names"); exit(2); }
    char text[256];
    if (steps > 0) { fclose(file); return; }
    for (int line = 1; fgets(text, sizeof text, file); line++) {
        char words[16][16];
        int count = 0;
        char copy[256];
        strcpy(copy, text);
        for (char *word = strtok(copy, " \n"); word && word[0] != '#'; word = strtok(NULL, " \n")) {
            if (count == 16 || strlen(word) > 15) bad(line, text, "too long");
            strcpy(words[count++], word);
        }
        if (count == 0) continue;
        if (strcmp(words[0], "liars") == 0) {
            for (int n = 1; n < count; n++) { liar_count++; liar_mask |= 1 << (atoi(words[n]) - 1); }
            continue;
        }
        if (steps == STEPS_LIMIT) bad(line, text, "too many steps");
        int member = atoi(words[0]);
        if (member < 1 || member > members || count < 2) bad(line, text, "no such member");
        int found = -1;
        for (unsigned n = 0; n < sizeof verbs / sizeof *verbs; n++) if (strcmp(words[1], verbs[n].verb) == 0) found = n;
        if (found < 0 || count < 2 + verbs[found].numbers) bad(line, text, "no such step");
        int numbers[2] = {0, 0};
        for (int n = 0; n < verbs[found].numbers; n++) {
            numbers[n] = atoi(words[2 + n]);
            if (numbers[n] < 1 || numbers[n] >= views - 2) bad(line, text, "view out of bounds");
        }
        int op = verbs[found].op, by = 0, rest = 2 + verbs[found].numbers;
        if (op == ENTERS && count == 4 && strcmp(words[3], "elected") == 0) {
            op = ENTERS_ELECTED;
        } else if (op == ENTERS) {
            if (count < 7 || strcmp(words[3], "from") || strcmp(words[5], "by")) bad(line, text, "no certificate");
            numbers[1] = atoi(words[4]);
            for (int n = 6; n < count; n++) by |= 1 << (atoi(words[n]) - 1);
        } else if (op == WISHES || op == STORES || op == PUBLISHES) {
            if (count != rest + 1 || (by = reason(words[rest])) < 0) bad(line, text, "no reason");
        } else if (count != rest) {
            bad(line, text, "too many words");
        }
        step[steps].op = op;
        step[steps].member = member - 1;
        step[steps].a = numbers[0];
        step[steps].b = numbers[1];
        step[steps].by = by;
        step[steps].line = line;
        snprintf(step[steps].text, sizeof step[steps].text, "%s", text);
        steps++;
    }
    fclose(file);
    if (steps == 0) { printf("trace: %s has no steps\n", path); exit(2); }
}
