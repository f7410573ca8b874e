/* The power of the machine as it changes: cc -o watts watts.c; ./watts "$(actopctl socket)" */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(int argc, char **argv)
{
	static const char member[] = "\"v\":{\"package_watts\":";
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int s = socket(AF_UNIX, SOCK_STREAM, 0);
	FILE *answers = fdopen(s, "r");
	char line[4096], *value;

	if (argc != 2 || argv[1][0] == '\0')
		return fputs("usage: watts \"$(actopctl socket)\"\n", stderr), 2;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", argv[1]);
	if (connect(s, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		dprintf(s, "{\"op\":\"subscribe\",\"metrics\":[\"package_watts\"]}\n") < 0)
		return perror("actopd"), 1;
	while (fflush(stdout) == 0 && fgets(line, sizeof(line), answers)) {
		value = strstr(line, member);
		if (value && value[strlen(member)] == 'n')
			puts("not known");
		else if (value)
			printf("%.2f W\n", atof(value + strlen(member)));
	}
	return 1; /* the daemon has ended; ask again with "after" and the last EPOCH:SEQ */
}
