/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE_EXTENDED
#define NCURSES_WIDECHAR 1

#include "client/watch/terminal.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "client/watch/glyph.h"
#include "client/watch/keys.h"

#define WIDTH_DEFAULT 80
#define HEIGHT_DEFAULT 24
#define ESCAPE_WAIT_MS 25 /* for what belongs to an escape character */
#define WRITE_WAIT_MS 1000
/* Leaves the other screen, shows the cursor, ordinary keys and colours: for a handler, which
 * may not ask terminfo. */
#define RESCUE "\033[?1049l\033[?25h\033[?1l\033>\033[0m"

/* How the terminal was: a handler of a fault reaches nothing else. */
static struct termios terminal_before;

static const int terminal_faults[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL };

static void terminal_rescue(int number)
{
	ssize_t n = write(STDOUT_FILENO, RESCUE, sizeof(RESCUE) - 1);

	(void)n;
	tcsetattr(STDOUT_FILENO, TCSANOW, &terminal_before);
	signal(number, SIG_DFL);
	raise(number);
}

bool terminal_can(void)
{
	const char *term = getenv("TERM");
	char *move;
	bool can;
	int rc;

	if (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO) || !term || !*term ||
		setupterm(NULL, STDOUT_FILENO, &rc) == ERR)
		return false;
	move = tigetstr((char *)"cup");
	can = move && move != (char *)-1 && *move;
	del_curterm(cur_term);
	return can;
}

static enum depth terminal_depth(enum when color)
{
	enum depth depth = palette_depth(getenv("TERM"), getenv("COLORTERM"),
		color == WHEN_AUTO ? getenv("NO_COLOR") : NULL, tigetnum((char *)"colors"));

	if (color == WHEN_NEVER)
		return DEPTH_NONE;
	return color == WHEN_ALWAYS && depth == DEPTH_NONE ? DEPTH_16 : depth;
}

static void terminal_modes(struct terminal *t)
{
	cbreak();
	noecho();
	nonl();
	refresh(); /* blank, once: from here on ncurses has nothing to say */
	keypad(t->pad, TRUE);
	nodelay(t->pad, TRUE);
	curs_set(0);
	fflush(stdout);
}

int terminal_open(struct terminal *t, enum when color)
{
	*t = (struct terminal){ 0 };
	setlocale(LC_CTYPE, "");
	t->ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	tcgetattr(STDOUT_FILENO, &terminal_before);
	/* Its own image of the screen, which nothing is drawn on, need not be as large. */
	use_env(FALSE);
	t->screen = newterm(NULL, stdout, stdin);
	if (!t->screen)
		return -ENOTTY;
	t->pad = newpad(1, 1);
	set_escdelay(ESCAPE_WAIT_MS);
	t->depth = terminal_depth(color);
	painter_init(&t->painter);
	for (size_t i = 0; i < sizeof(terminal_faults) / sizeof(*terminal_faults); i++)
		signal(terminal_faults[i], terminal_rescue);
	terminal_modes(t);
	return 0;
}

void terminal_leave(struct terminal *t)
{
	(void)t;
	endwin();
	fflush(stdout);
}

void terminal_enter(struct terminal *t)
{
	painter_forget(&t->painter);
	clearok(curscr, TRUE);
	terminal_modes(t);
}

void terminal_close(struct terminal *t)
{
	if (!t->screen)
		return;
	terminal_leave(t);
	delwin(t->pad);
	delscreen(t->screen);
	painter_fini(&t->painter);
	t->screen = NULL;
	for (size_t i = 0; i < sizeof(terminal_faults) / sizeof(*terminal_faults); i++)
		signal(terminal_faults[i], SIG_DFL);
}

void terminal_size(unsigned *width, unsigned *height)
{
	struct winsize size;

	*width = WIDTH_DEFAULT;
	*height = HEIGHT_DEFAULT;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0 || size.ws_row == 0)
		return;
	*width = size.ws_col;
	*height = size.ws_row;
}

void terminal_palette(struct terminal *t, enum palette palette)
{
	painter_style(&t->painter, palette, t->depth);
}

/* Waits for a terminal that takes no more just now. */
static int terminal_write(const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t rc = write(STDOUT_FILENO, bytes, n);
		struct pollfd p = { .fd = STDOUT_FILENO, .events = POLLOUT };

		if (rc < 0 && errno == EAGAIN)
			poll(&p, 1, WRITE_WAIT_MS);
		else if (rc < 0 && errno != EINTR)
			return -errno;
		if (rc > 0) {
			bytes += rc;
			n -= (size_t)rc;
		}
	}
	return 0;
}

int terminal_show(struct terminal *t, const struct canvas *c)
{
	struct buf *out = &t->painter.out;
	int rc = 0;

	buf_clear(out);
	painter_paint(&t->painter, c);
	if (out->len > 0)
		rc = terminal_write(out->data, out->len);
	t->written += out->len;
	return rc;
}

static const struct {
	int code;
	enum special special;
} terminal_keys[] = {
	{ KEY_LEFT, SPECIAL_LEFT },
	{ KEY_RIGHT, SPECIAL_RIGHT },
	{ KEY_UP, SPECIAL_UP },
	{ KEY_DOWN, SPECIAL_DOWN },
	{ KEY_PPAGE, SPECIAL_PAGE_UP },
	{ KEY_NPAGE, SPECIAL_PAGE_DOWN },
	{ KEY_HOME, SPECIAL_HOME },
	{ KEY_END, SPECIAL_END },
	{ KEY_ENTER, SPECIAL_ENTER },
	{ '\n', SPECIAL_ENTER },
	{ '\r', SPECIAL_ENTER },
	{ KEY_BACKSPACE, SPECIAL_ERASE },
	{ 0x7f, SPECIAL_ERASE },
	{ '\b', SPECIAL_ERASE },
	{ 0x1b, SPECIAL_ESCAPE },
};

/* A character of several bytes comes byte by byte. */
static uint32_t terminal_character(struct terminal *t, int first)
{
	char bytes[GLYPH_BYTES_MAX + 1] = { (char)first };
	int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0;
	size_t used;

	for (int i = 1; i <= more; i++) {
		int next = wgetch(t->pad);

		if (next == ERR || next > 0xff)
			break;
		bytes[i] = (char)next;
	}
	return glyph_next(bytes, &used);
}

uint32_t terminal_key(struct terminal *t)
{
	int code = wgetch(t->pad);

	if (code == ERR)
		return 0;
	for (size_t i = 0; i < sizeof(terminal_keys) / sizeof(*terminal_keys); i++)
		if (terminal_keys[i].code == code)
			return (uint32_t)terminal_keys[i].special;
	if (code > 0xff)
		return SPECIAL_NONE;
	return code < 0x80 ? (uint32_t)code : terminal_character(t, code);
}
