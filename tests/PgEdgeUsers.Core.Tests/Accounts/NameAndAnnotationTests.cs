using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.Accounts;

public sealed class NameAndAnnotationTests
{
    public static TheoryData<string> GoodNames => new(
        "no", "yes", "on", "off", "y", "n", "1e3", "0x1F", "007", "0o7", "2024-01-01", "O'Brien", "Zoë", "日本", "true",
        "False", "123", "1.5", "1_000", "nil", "none", "NaN",
        "a", "a.b-c_d@e+f", "user@example.com", "Ünïcödé", "Ⅎlip", "ñ", "क्षि", "ไทย", "עברית", "عربي", "𝒜va", "𠮷野",
        "a'", "9", new string('x', 64), new string('日', 64), string.Concat(Enumerable.Repeat("𠮷", 64)));

    [Theory]
    [MemberData(nameof(GoodNames))]
    public void A_good_name_is_added_read_back_exactly_and_can_be_changed_and_removed(string name)
    {
        var added = Store.Change(Sample.Alice, new AddUser(Sample.Account(name)));

        Assert.Equal(["alice", name], Store.Read(added).Users().Select(u => u.Name));
        Assert.Equal(name, Store.Read(added).Find(name)!.Account.DisplayName);
        Assert.Equal("changed", Store.Read(Store.Change(added, Store.Annotate(name, "changed")))
            .Find(name)!.Account.Annotation);
        Assert.Equal(Sample.Alice, Store.Change(added, new RemoveUser(name)));
    }

    public static TheoryData<string> BadNames => new(
        "", " ", "  ", "a b", " a", "a ", "null", "NULL", "Null", "nUlL", "~", "<<", "-a", ".", "..", ".a", "a/b",
        "a\\b", "a:b", "1:30", ".inf", "#a", "a#", "*a", "&a", "!x", "?", "%", "@a", "+a", "_a", "'a", "`", "|", ">",
        "{a}", "[a]", "a,b", "a=b", "\"a\"", "$a",
        "a\rb", "a\nb", "\n", "a\0b", "a\u001bb", "a\tb", "a\u0085b", "a\u2028b", "a\u2029b", "\uFEFFa", "a\uFEFF",
        "a\u200Bb", "a\u200Db", "a\u202Eb", "a\u2066b", "a\u00ADb", "a\u00A0b", "a\u3000b",
        "a\uFFFEb", "a\uFFFFb", "a\uFFFDb", "a\uE000b", "a\u0378", "\u0301a", "e\u0301", "A\u030A", "😀", "½", "Ⅷ",
        "a\u20DD",
        "a\u17B4", "a\u180B", "a\u180F", "a\uFE00", "a\U000E0100", "a\U000E01EF",
        "a\u034Fb", "\u115F", "a\u1160", "\u3164", "a\u3164", "a\uFE0F", "a\uFFA0", "a\u17B5", new string(
            'x', 65), new string('日', 65), string.Concat(Enumerable.Repeat("𠮷", 65)));

    [Theory]
    [MemberData(nameof(BadNames))]
    public void A_bad_name_is_refused_with_a_reason_that_can_be_shown(string name)
    {
        Assert.Equal(FailureKind.InvalidUsername,
            Store.FailureOf(Sample.Alice, new AddUser(Sample.Account("x") with { Name = name })));
        var refusal = Assert.Throws<PgEdgeUsersException>(() => UserName.Validate(name));
        Assert.Equal(refusal.Message, VisibleText.Of(refusal.Message));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused_in_names_and_annotations()
    {
        // Not in the lists: a test's arguments cannot carry it.
        foreach (var half in new[] { "\uD83D", "a\uD83D", "\uDE00a", "\uDE00\uD83D" })
        {
            Assert.Equal(FailureKind.InvalidUsername, Store.FailureOf(Sample.Alice, new AddUser(Sample.Account(half))));
            Assert.Equal(FailureKind.InvalidAnnotation, Store.FailureOf(Sample.Alice, Store.Annotate("alice", half)));
        }
    }

    [Fact]
    public void The_refusal_of_a_new_name_of_10_MB_is_short()
    {
        Assert.InRange(Assert.Throws<PgEdgeUsersException>(() =>
            UserName.Validate(new string('x', 10_000_000))).Message.Length, 20, 400);
    }

    [Theory]
    [InlineData("alice", "Alice")]
    [InlineData("Alice", "ALICE")]
    [InlineData("alice", "alice")]
    [InlineData("Zoe\u0308", "Zoë")]
    [InlineData("ZOË", "zoë")]
    [InlineData("ﬁona", "FIONA")]
    [InlineData("Ａlice", "alice")]
    [InlineData("ΣΑΣ", "σας")]
    [InlineData("Ⅻ", "xii")]
    public void A_name_that_looks_like_an_existing_one_is_refused(string there, string added)
    {
        var text = Sample.Alice.Replace("    alice:", $"    {there}:", StringComparison.Ordinal);

        Assert.Equal(FailureKind.UserExists, Store.FailureOf(text, new AddUser(Sample.Account(added))));
    }

    public static TheoryData<string> OddNames => new(
        "1:30", ".inf", "a b", "a:b", "<<", "null", "~", "", " ", "#a", "?a", "-", "- a", "a\nb", "a\tb", "\u001b[31m",
        "a\u0000b", "\uFEFFx", "a\uFFFEb", "\u202Eevil", "日 本", "\"", "'", "\\", "{", "x: y", "e\u0301",
        new string('x', 400));

    [Theory]
    [MemberData(nameof(OddNames))]
    public void An_existing_name_that_breaks_the_rules_can_be_listed_changed_and_removed(string name)
    {
        var scalar = YamlScalar.Write(name);
        var text = Sample.Alice + $$"""
                {{(scalar[0] == '"' ? scalar : $"\"{scalar}\"")}}:
                    username: bob # a comment
                    password_hash: x
                    enabled: false
                    failed_attempts: 0

            """;

        var changed = Store.Change(text, Store.Annotate(name, "n"), new AddUser(Sample.Account("carol")));

        Assert.Equal(["alice", name, "carol"], Store.Read(changed).Users().Select(u => u.Name));
        Assert.Equal("n", Store.Read(changed).Find(name)!.Account.Annotation);
        Assert.Equal(Sample.Alice, Store.Change(text, new RemoveUser(name)));
    }

    public static TheoryData<string> GoodAnnotations => new(
        "", "- x", "a: b", "a #b", "'\"\\", "😀", "---", "...", "{}", "[]", "@x", "%x", "trailing colon:",
        "# not a comment", " lead", "trail ", "  ", "~", "null", "yes", "12", "2025-01-01", "a, b", "C:\\temp\\new",
        "\\n", "日本語", "e\u0301",
        "a\u00A0b", "a\u200Bb", "a\u00ADb", "\u3000", "| x", "> x", "! x", "& x", "* x", "? x", ": x", "`x`", "\uE000",
        "\u0378", "\U000E0041", "\U0001D800", "<<", "=", "''", "\"\"", "a'b\"c", "it's; $HOME && rm",
        new string('x', 1024), string.Concat(Enumerable.Repeat("😀", 1024)), new string(' ', 1024));

    [Theory]
    [MemberData(nameof(GoodAnnotations))]
    public void An_annotation_is_kept_exactly_in_block_style_and_in_flow_style(string annotation)
    {
        var inBraces = "{\"users\": {\"alice\": {\"annotation\": \"x\", \"failed_attempts\": 0}}}";
        var withCrLf = Sample.Alice.Replace("\n", "\r\n", StringComparison.Ordinal);
        foreach (var text in new[] { Sample.Alice, withCrLf, inBraces,
            Sample.OfAlice("|\n            two\n            lines") })
        {
            var edited = Store.Read(Store.Change(text, Store.Annotate("alice", annotation),
                new AddUser(Sample.Account("bob") with { Annotation = annotation })));

            Assert.Equal([annotation, annotation], edited.Users().Select(u => u.Annotation));
        }
    }

    public static TheoryData<string> BadAnnotations => new(
        "a\nb", "a\rb", "a\r\nb", "\n", "a\u0085b", "a\u2028b", "a\u2029b", "a\vb", "a\fb", "\ta", "a\tb",
        "\u202A", "\u2069",
        "\u001b[31mred", "a\0", "\u007f", "\u009b", "\u202Ea", "a\u2066", "\u200E", "\u200F", "\u061C", "\uFEFF",
        "a\uFFFE", "a\uFFFF", new string('x', 1025), string.Concat(Enumerable.Repeat("😀", 1025)));

    [Theory]
    [MemberData(nameof(BadAnnotations))]
    public void An_annotation_that_is_not_one_plain_line_is_refused_for_new_and_existing_users(string annotation)
    {
        Assert.Equal(FailureKind.InvalidAnnotation, Store.FailureOf(Sample.Alice, Store.Annotate("alice", annotation)));
        Assert.Equal(FailureKind.InvalidAnnotation,
            Store.FailureOf(Sample.Alice, new AddUser(Sample.Account("bob") with { Annotation = annotation })));
    }

    [Fact]
    public void An_existing_annotation_that_breaks_the_rules_stays_when_other_fields_are_edited()
    {
        var text = Sample.OfAlice("\"\\e[31m\\u202E\"");

        var edited = Store.Change(text, new UpdateUser("alice", user => user with { Enabled = false }));

        Assert.Equal("\u001b[31m\u202E", Store.Read(edited).Find("alice")!.Account.Annotation);
    }
}
