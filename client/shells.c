/* SPDX-License-Identifier: MIT */
#include "client/shells.h"

const struct choice shell_choices[SHELL_COUNT + 1] = {
	{ "bash", NULL },
	{ "zsh", NULL },
	{ "fish", NULL },
	{ NULL, NULL },
};

/* Works with bash 3.2, which macOS has.  bash takes "=" and ":" for words of their own. */
#define SHELLS_BASH \
	"# bash completion of actopctl: source <(actopctl completion bash)\n" \
	"_actopctl() {\n" \
	"\tlocal rest=${COMP_LINE:0:COMP_POINT} word blank prefix='' quoted='' line text i " \
	"n=0\n" \
	"\tlocal -a words=()\n" \
	"\tfor ((i = 0; i <= COMP_CWORD; i++)); do\n" \
	"\t\tblank=${rest%%[![:space:]]*}\n" \
	"\t\trest=${rest#\"$blank\"}\n" \
	"\t\tword=${COMP_WORDS[i]}\n" \
	"\t\t((i < COMP_CWORD)) || word=$rest\n" \
	"\t\trest=${rest#\"$word\"}\n" \
	"\t\tif [[ -z $blank && $n -gt 0 ]]; then\n" \
	"\t\t\twords[n - 1]+=$word\n" \
	"\t\telse\n" \
	"\t\t\twords[n++]=$word\n" \
	"\t\tfi\n" \
	"\tdone\n" \
	"\tword=${words[n - 1]}\n" \
	"\tcase $word in\n" \
	"\t[\\'\\\"]*) quoted=1 words[n - 1]=${word#?} ;;\n" \
	"\t*[=:]*) prefix=${word%\"${word##*[=:]}\"} ;;\n" \
	"\tesac\n" \
	"\tword=${words[n - 1]}\n" \
	"\twhile IFS= read -r line; do\n" \
	"\t\ttext=${line%%$'\\t'*}\n" \
	"\t\tcase $line in\n" \
	"\t\t:files)\n" \
	"\t\t\tcompopt -o filenames 2>/dev/null\n" \
	"\t\t\t_actopctl_words -f -- \"${word#--*=}\"\n" \
	"\t\t\t;;\n" \
	"\t\t:users) _actopctl_words -u -- \"${word#--*=}\" ;;\n" \
	"\t\t:more) compopt -o nospace 2>/dev/null ;;\n" \
	"\t\t:command*) _actopctl_rest \"$((${line#:command } + 1))\" ;;\n" \
	"\t\t*)\n" \
	"\t\t\ttext=${text#\"$prefix\"}\n" \
	"\t\t\t[[ -n $quoted || $text != *[!A-Za-z0-9_.,=:/-]* ]] || printf -v text %q " \
	"\"$text\"\n" \
	"\t\t\tCOMPREPLY+=(\"$text\")\n" \
	"\t\t\t;;\n" \
	"\t\tesac\n" \
	"\tdone < <(\"${1/#\\~/$HOME}\" completion words \"${words[@]:1}\" 2>/dev/null)\n" \
	"}\n" \
	"_actopctl_words() {\n" \
	"\tlocal line\n" \
	"\twhile IFS= read -r line; do\n" \
	"\t\tCOMPREPLY+=(\"$line\")\n" \
	"\tdone < <(compgen \"$@\")\n" \
	"}\n" \
	"_actopctl_rest() {\n" \
	"\tif declare -F _command_offset >/dev/null; then\n" \
	"\t\t_command_offset \"$1\"\n" \
	"\telif ((COMP_CWORD == $1)); then\n" \
	"\t\t_actopctl_words -c -- \"$word\"\n" \
	"\telse\n" \
	"\t\tcompopt -o filenames 2>/dev/null\n" \
	"\t\t_actopctl_words -f -- \"$word\"\n" \
	"\tfi\n" \
	"}\n" \
	"complete -F _actopctl actopctl\n"

#define SHELLS_ZSH \
	"#compdef actopctl\n" \
	"# zsh completion of actopctl: source <(actopctl completion zsh)\n" \
	"_actopctl() {\n" \
	"\tlocal line text suffix=' '\n" \
	"\tlocal -a lines texts shown\n" \
	"\tlines=(\"${(@f)$(${(Q)words[1]} completion words \"${(@Q)words[2,CURRENT-1]}\" " \
	"\"${(Q)PREFIX}\" 2>/dev/null)}\")\n" \
	"\tfor line in $lines; do\n" \
	"\t\tcase $line in\n" \
	"\t\t:files)\n" \
	"\t\t\tcompset -P '--*='\n" \
	"\t\t\t_files\n" \
	"\t\t\t;;\n" \
	"\t\t:users)\n" \
	"\t\t\tcompset -P '--*='\n" \
	"\t\t\t_users\n" \
	"\t\t\t;;\n" \
	"\t\t:more) suffix='' ;;\n" \
	"\t\t:command*)\n" \
	"\t\t\tshift $((${line#:command } + 1)) words\n" \
	"\t\t\t((CURRENT -= ${line#:command } + 1))\n" \
	"\t\t\t_normal\n" \
	"\t\t\t;;\n" \
	"\t\t*)\n" \
	"\t\t\ttext=${line%%$'\\t'*}\n" \
	"\t\t\ttexts+=($text)\n" \
	"\t\t\tshown+=(\"${text}${${line#*$'\\t'}:+  -- ${line#*$'\\t'}}\")\n" \
	"\t\t\t;;\n" \
	"\t\tesac\n" \
	"\tdone\n" \
	"\t(($#texts)) && compadd -l -S \"$suffix\" -d shown -a texts\n" \
	"}\n" \
	"if [[ $funcstack[1] == _actopctl ]]; then\n" \
	"\t_actopctl \"$@\"\n" \
	"else\n" \
	"\tcompdef _actopctl actopctl\n" \
	"fi\n"

#define SHELLS_FISH \
	"# fish completion of actopctl: actopctl completion fish | source\n" \
	"function __actopctl_complete\n" \
	"\tset -l words (commandline -opc)\n" \
	"\tset -l part (commandline -ct | string replace -r -- \"^['\\\"]\" '')\n" \
	"\tset -l program $words[1]\n" \
	"\tset -e words[1]\n" \
	"\tfor line in ($program completion words $words $part 2>/dev/null)\n" \
	"\t\tswitch $line\n" \
	"\t\t\tcase :files\n" \
	"\t\t\t\t__fish_complete_path (string replace -r -- '^--[^=]*=' '' $part)\n" \
	"\t\t\tcase :users\n" \
	"\t\t\t\t__fish_complete_users\n" \
	"\t\t\tcase :more\n" \
	"\t\t\tcase ':command *'\n" \
	"\t\t\t\tset -l first (math (string replace ':command ' '' -- $line) + 1)\n" \
	"\t\t\t\tcomplete -C (string join ' ' -- (string escape -- $words[$first..-1]) " \
	"$part)\n" \
	"\t\t\tcase '*'\n" \
	"\t\t\t\techo $line\n" \
	"\t\tend\n" \
	"\tend\n" \
	"end\n" \
	"complete -c actopctl -f -k -a '(__actopctl_complete)'\n"

const char *const shell_scripts[SHELL_COUNT] = { SHELLS_BASH, SHELLS_ZSH, SHELLS_FISH };
