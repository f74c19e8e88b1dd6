/// Expressions that Prometheus accepts and refuses, in every version or from 3.0 on.
enum QuerySamples {
    static let good = [
        "1", "-1", "+1.5e3", ".5", "1.", "0x1F", "1e-3", "inf", "NaN", "-Inf", "\"text\"", "'it\\'s'", "`raw \\ `",
        "up", "up{}", "up{job=\"a\"}", "up{job=\"a\",}", "{job=\"a\"}", "{__name__=~\"up.+\"}", "job:up:rate5m", ":a", "sum",
        "by", "offset", "start", "count_values", "up{and=\"x\",sum=~\"y\"}", "up offset 5m", "up offset -1h30m", "up @ 1.5",
        "up @ start()", "up @ end() offset 5m", "rate(up[5m])", "rate(up[5m] offset 1m)", "rate(up[5m] @ 10)",
        "max_over_time(rate(up[5m])[1h:1m])", "max_over_time(up[1h:])", "sum(up)", "sum by (a) (up)", "sum(up) by (a, b,)",
        "SUM WITHOUT () (up)", "topk(5, up)", "quantile(0.9, up)", "count_values(\"v\", up)", "a + b", "a + on(x) b",
        "a * on(x) group_left(y) b", "a / ignoring(x) group_right b", "a and b or c unless d", "a == bool 1", "1 > bool 2",
        "2 ^ 3 ^ -1", "-a ^ 2", "a atan2 b", "a % 2", "(a)", "((a + 1) * 2)", "absent(up{job=\"x\"})",
        "label_replace(up, \"a\", \"$1\", \"b\", \"(.*)\")", "label_join(up, \"a\", \",\", \"b\", \"c\")", "label_join(up, \"a\", \",\")",
        "histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))", "round(up)", "round(up, 0.1)", "hour()", "hour(up)",
        "vector(1)", "scalar(up)", "time() - 5", "pi()", "clamp(up, 0, 1)", "up # comment", "up\n# c\n> 0", "a >= b", "a != 1",
        "up{a!=\"\"}", "{a!~\"x|\"}", "{a=~\"x?y\"}", "{a=\"x\",b=~\".*\"}", "{a=\"\\u00e9\\x41\"}", "quantile_over_time(0.5, up[1d])",
        "predict_linear(up[1h], 3600)", "a * on () group_left (b) c", "1 + 2 * 3 - 4", "avg_over_time((a + b)[5m:1s])",
        "a unless on(x, y) b", "bottomk by (x) (3, up)", "sum(sum(sum(up)))", "sort_desc(up)", "-up", "- -1", "a-b", "a -1",
        "timestamp(up)", "deriv(up[5m:30s])", "up[5m:30s] offset 1w", "up[5m]", "month(vector(1))", "{__name__!=\"\"}",
        "ALERTS{alertstate=\"firing\"}", "up{a=\"{}\"}", "up{a=\"#\"} # {", "label_replace(a,'b','c','d','e')",
    ]
    static let goodSince3 = [
        "rate(up[300])", "up offset 60", "5m", "{\"up\"}", "{\"my.metric\", a=\"b\"}", "{\"a.b\"=\"c\"}", "sum by (\"a.b\") (up)",
        "up @ 5m", "sum by (a:b) (up)",
    ]
    static let bad = [
        "", " ", "# only", "sum(", "sum()", "sum(up", "up)", "up{", "up{a}", "up{a=}", "up{a=b}", "up{a==\"b\"}", "up{a=\"b\"",
        "up{a=\"b\" c=\"d\"}", "{}", "{a=\"\"}", "{a=~\".*\"}", "{a=~\"x*\"}", "{a!~\".+\"}", "{a!=\"b\"}", "{a=~\"(\"}", "up{a=~\"[\"}",
        "up[5m", "up[5]x", "up[]", "up[0s]", "rate(up)", "rate(5)", "rate(up[5m:])[5m]", "up[5m][5m]", "(up)[5m]",
        "up offset 5m[5m]", "up @ 5 [5m]", "sum(up[5m])", "sum(up) offset 5m", "(up) offset 5m", "up offset", "up offset x",
        "up offset 5m offset 5m", "up @ 1 @ 2", "up @", "up @ foo", "up @ start", "1 + ", "* 2", "1 2", "up up", "up{} {}", "foo(up)",
        "Rate(up[5m])", "rate(up[5m], 1)", "rate()", "rate(up[5m],)", "topk(up)", "topk(\"a\", up)", "quantile(up, 1)",
        "count_values(1, up)", "sum(up, up)", "sum by (up)", "sum by a (up)", "sum by (a b) (up)", "sum by (1) (up)", "1 > 2",
        "a + bool b", "1 and 2", "a and 1", "\"a\" + 1", "a + \"b\"", "-\"a\"", "-up[5m]", "up[5m] + 1", "a + on(x) 1",
        "a and on(x) group_left b", "a + on(x) group_left(x) b", "a + group_left b", "label_replace(up, 1, 2, 3, 4)",
        "label_replace(up, \"a\")", "vector(up)", "scalar(1)", "absent(1)", "hour(1, 2)", "hour(up, up)", "pi(1)", "round()",
        "round(up, 1, 2)", "clamp(up, 1)", "1e", "1e400", "0x", "0xg", "1_", "5x", "5mm", "1h5", "5m5h", "1..2", "1.2.3", "a = b",
        "a =~ b", "a ! b", "a & b", "a | b", "a ? b : c", "$x", "a;b", "\"unterminated", "'a\nb'", "\"\\q\"", "\"\\xZZ\"", "\"\\u12\"",
        "\"\\ud800\"", "`raw", "up}", "]", "[5m]", "offset 5m", "bool", "on", "on(x)", "group_left", "atan2", "by (x)", "and and", "a and",
        "sum without", "up{__name__=\"x\"}", "up{a=\"b\",,}", "{,}", "sum((up", "limitk(1, up)", "first_over_time(up[5m])",
        "info(up)", "mad_over_time(up[5m])", "sort_by_label(up, \"a\")", "double_exponential_smoothing(up[5m], 0.1, 0.1)",
        "up[(5m)]", "rate(up[5m+5m])", "rate(up[-5m])", "up anchored", "start()", "inf()", "{\"up\", __name__=\"x\"}", "up{\"x\"}", "{\"\"}",
        "a\u{0}b", "é", "up{é=\"a\"}", "up{a=\"\u{FFFD}\"}", "1 == 1", "sum(1)", "avg by (x) (1)", "a @ inf", "up[5m:0s]", "up[5m:1m:1m]",
        "1[5m:]", "rate(1[5m])", "(1)[5m]", "max(\"a\")", "sum by () up", "count(", ")", "(", "((a)", "a, b", "a)(b",
    ]
}
