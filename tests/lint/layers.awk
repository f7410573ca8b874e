# Reads the rule file and then compiler dependency files (-MMD); says who includes whom against the
# rules.
function norm(p) { sub(/^\.\//, "", p); return p }
function begins(s, prefix) { return index(s, prefix) == 1 }
FNR == NR {
	if ($2 == "may") {
		known[$1] = 1
		for (i = 3; i <= NF; i++) rule[$1, ++n[$1]] = $i
	}
	if ($1 == "shell") for (i = 2; i <= NF; i++) shell[$i] = 1
	next
}
function in_shell(file,    s) {
	for (s in shell) if (begins(file, s) && file ~ "^" s "[._]") return 1
	return 0
}
{
	gsub(/\\/, "")
	sub(/^[^:]*: */, ($0 ~ /:/ ? "" : "&"))
	for (i = 1; i <= NF; i++) {
		f = norm($i)
		if (f ~ /\.c$/) {
			src = f
			layer = ""
			for (l in known) if (begins(src, l) && length(l) > length(layer)) layer = l
			folder = src
			sub(/[^\/]*$/, "", folder)
			own = src
			sub(/\.c$/, ".h", own)
			continue
		}
		if (f ~ /^tests\/apple\/include\// || f !~ /^(proto|daemon|client|tests)\// || layer == "") continue
		ok = f == own || begins(f, layer) || (begins(layer, "daemon/source/") && begins(f, folder))
		for (k = 1; k <= n[layer] && !ok; k++) ok = begins(f, rule[layer, k])
		if (ok && begins(src, "daemon/") && src !~ /^daemon\/source\// && !in_shell(src)) ok = !in_shell(f)
		if (!ok) {
			print src ": may not include " f
			bad = 1
		}
	}
}
END { exit bad }
