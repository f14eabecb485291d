using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.Yaml;

/// <summary>
/// Texts that our YAML parser accepts and the server's rejects or reads differently, one of each kind; and similar
/// texts that are fine. What the server does with each was observed with the real server.
/// </summary>
public sealed class ParserDifferenceTests
{
    public static TheoryData<string> RefusedByTheServer => new(
        // Tabs in the indentation.
        "\t", "\n\t", "---\n\t", "users:\n\t\n", "users: {}\n\t# c\n", "\tusers: {}", "x:\n- \ta", "x:\n-\ta: b",
        "? \tx\n: 1", "x: |\n \ty\n", "x: |\n  \n \ty\n", "x: >\n \ty\n", "x: |\r \t",
        // Keys without a name, without a colon, or with several lines.
        ":", "\n:", ": x", "x: 1\n: y", "::\n:", "{:}", "{: x}", "{\n:}", "x:\n:", "{a\nb: 1}", "{\"a\n b\": 1}",
        "{a\n: 1}", "{\"a\"\n: 1}", "{o\n\": }", "{\"a\" \"b\"}", "{a: 1 \"b\": 2}", "{\"a\" b}",
        "{" + new string('k', 1025) + ": 1}", "{\"" + new string('k', 1025) + "\": 1}", new string('k', 1025) + ": 1",
        // Text after braces and brackets, and missing values between commas.
        "{x: {}o}", "{x: []o}", "{x: {}\no}", "{x: []\"o\"}", "x: {}y", "x: []y", "x: {} y", "{,}", "{a,,b}", "x: [,]",
        "x: [a,,b]", "]", "r:\n f *: ]", "x: }",
        // Plain values that must be quoted, especially in flow style.
        "{>}", "{|}", "x: {a: >}", "x: [|]", "x: [>x]", "x: {\n@}", "x: [`a]", "x: [%a]", "x: @a", "x: `a", "x: %a",
        "{a?}", "{a: b?}", "{a: ?}", "x: [a?b]", "x: [:a]", "{users: :a}", "{\"a\"::b}",
        "x: a: b", "x: a *b: c", "x: a *:", "x: a\n *:", "? a\n *:", "{a\n*: }", "{a *: b}", "x: a\n *b: c",
        "x *y: z: 1",
        // Directives and document ends.
        "%0\n", "%Y \n---\n", "%-\n---\nusers: {}", "%YAML 1.2\n---\nusers: {}", "...", "\n...", "# c\n...\n",
        "users: {}\n---\n%",
        // Escapes.
        "x: \"\\/\"", "x: \"\\ud83d\\ude00\"", "x: \"\\uD83D\\uDE00\"", "x: \"\\U0000d83d\\U0000de00\"",
        "x: \"\\ud83d\"", "x: \"\\q\"", "x: \"\\xZZ\"", "x: \"\\U00110000\"");

    [Theory]
    [MemberData(nameof(RefusedByTheServer))]
    public void What_the_server_refuses_is_refused(string text)
    {
        Assert.Null(Store.TryRead(DocumentText.Encode(text)));
    }

    [Theory]
    [MemberData(nameof(RefusedByTheServer))]
    public void What_the_server_refuses_is_refused_in_values_that_it_ignores_too(string text)
    {
        if (text.Contains("\n---", StringComparison.Ordinal) || text.Contains("...", StringComparison.Ordinal)
            || text[0] is '%' or ']' or ':')
        {
            return;
        }

        var nested = Sample.Alice + "extra:\n    y: 1\n    " + text.Replace(
            "\n", "\n    ", StringComparison.Ordinal) + "\n";

        Assert.Null(Store.TryRead(DocumentText.Encode(nested)));
    }

    [Theory]
    [InlineData("{a:,b: 1}")]
    [InlineData("{a: 1, b:,c: 2}")]
    [InlineData("users: {}\n...\nx: 1")]
    public void What_the_server_reads_differently_from_other_YAML_readers_is_refused(string text)
    {
        Assert.Null(Store.TryRead(DocumentText.Encode(text)));
    }

    public static TheoryData<string, string> ReadByTheServer => new()
    {
        { "?a", "?a" }, { ":a", ":a" }, { "-a", "-a" }, { "a?", "a?" }, { "a -b", "a -b" }, { "a?b:c", "a?b:c" },
        { "a#b", "a#b" }, { "a b", "a b" }, { "a\u00A0:\u00A0b", "a\u00A0:\u00A0b" }, { ":\u00A0x", ":\u00A0x" },
        { "http://x", "http://x" }, { "a,b", "a,b" }, { "a]", "a]" }, { "a}b", "a}b" }, { "a & b", "a & b" },
        { "5 * 3", "5 * 3" }, { "a\\b", "a\\b" }, { "a\"b\"", "a\"b\"" }, { "<<", "<<" }, { "=", "=" },
        { "a\tb", "a\tb" }, { "\ta", "a" },
        { "\"\\U0001F600\"", "😀" }, { "\"\\U0001D800\"", "\U0001D800" }, { "\"\\U0002DABC\"", "\U0002DABC" },
        { "\"\\u00e9\\x41\\t\\e\\_\\N\\L\\P\\0\"", "éA\t\u001b\u00a0\u0085\u2028\u2029\0" }, { "\"\\\tx\"", "\tx" },
        { "\"a\\\n            b\"", "ab" }, { "\"\\uFFFE\\uFEFF\"", "\uFFFE\uFEFF" },
        { "'a''b'", "a'b" }, { "'a\n\n            b'", "a\nb" }, { "a\n            b", "a b" },
        { "'a\u2028            b'", "a\u2028b" }, { "a\u0085            b", "a b" }, { "\"a\r            b\"", "a b" },
        { "|\n            a\n            b\n", "a\nb\n" }, { "|-\n            a\n             b", "a\n b" },
        { ">\n            a\n            b\n", "a b\n" }, { "|+\n            a\n", "a\n\n" },
        { "|4-\n             a", " a" }, { "|4\n            \ta\n", "\ta\n" }, { "| # c\n            a\n", "a\n" },
        { "|2-\n            a", "  a" },
        { "|-\n            # a\n            b: c", "# a\nb: c" },
        { "|-\n            a\u2028            b", "a\u2028b" }, { "|-\n            a\r\n            b", "a\nb" },
        { "" , "" }, { "# c", "" }, { "~", "" }, { "null", "" }, { "Null", "" }, { "NULL", "" }, { "'null'", "null" },
        { "\n            x", "x" }, { "# c\n            x", "x" }, { "\"a # b: c\"", "a # b: c" }, { "a:b:c", "a:b:c" },
        { "123", "123" }, { "1.50", "1.50" }, { "0x1F", "0x1F" }, { "true", "true" }, { "2025-01-01", "2025-01-01" },
    };

    [Theory]
    [MemberData(nameof(ReadByTheServer))]
    public void What_only_looks_odd_reads_as_the_server_reads_it(string scalar, string value)
    {
        Assert.Equal(value, Store.Read(Sample.OfAlice(scalar)).Find("alice")!.Account.Annotation);
    }

    [Theory]
    [InlineData("? alice\n    :")]
    [InlineData("? alice\n    :  ")]
    [InlineData("? 'alice' # c\n    : # c")]
    [InlineData("? |-\n        alice\n    :")]
    [InlineData("\"alice\":")]
    [InlineData("'alice'  :")]
    [InlineData("alice\t:")]
    [InlineData("\"al\\x69ce\":")]
    public void A_key_may_be_written_in_any_way_and_its_user_is_changed_and_removed(string key)
    {
        var text = Sample.Alice.Replace("alice:", key, StringComparison.Ordinal);

        Assert.Equal("alice", Assert.Single(Store.Read(text).Users()).Name);
        Assert.Equal(
            text.Replace("note", "new", StringComparison.Ordinal), Store.Change(text, Store.Annotate("alice", "new")));
        Assert.Equal("users: {}\n", Store.Change(text, new RemoveUser("alice")));
    }

    [Fact]
    public void A_question_mark_without_a_space_belongs_to_the_key()
    {
        var text = "---\n" + Sample.Alice.Replace("    alice:", "    ?alice:", StringComparison.Ordinal)
            + "?other: 1\n";

        Assert.Equal(
            text.Replace("note", "new", StringComparison.Ordinal), Store.Change(text, Store.Annotate("?alice", "new")));
    }

    [Fact]
    public void A_mapping_after_an_explicit_key_as_the_server_writes_it_is_edited()
    {
        var text = $"""
            users:
                ? "a\nb"
                :   username: "a\nb"
                    password_hash: {Sample.Hash}
                    enabled: true
                    annotation: x
                    failed_attempts: 0
                bob:
                    username: bob
                    failed_attempts: 0

            """;

        Assert.Equal(text.Replace("annotation: x", "annotation: new", StringComparison.Ordinal),
            Store.Change(text, Store.Annotate("a\nb", "new")));
        Assert.Equal("users:\n    bob:\n        username: bob\n        failed_attempts: 0\n",
            Store.Change(text, new RemoveUser("a\nb")));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(989, true)]
    [InlineData(991, false)]
    [InlineData(3000, false)]
    public void A_block_scalar_that_begins_far_to_the_right_is_read_exactly_or_refused(int spaces, bool isRead)
    {
        foreach (var lineBreak in new[] { "\n", "\r\n" })
        {
            var text = Sample.OfAlice($"|2\n          {new string(' ', spaces)}x\n")
                .Replace("\n", lineBreak, StringComparison.Ordinal);
            var document = Store.TryRead(DocumentText.Encode(text));

            Assert.Equal(isRead, document is not null);
            Assert.Equal(isRead ? new string(' ', spaces) + "x\n" : null, document?.Find("alice")!.Account.Annotation);
        }
    }

    [Theory]
    [InlineData("a\rb: 1")]
    [InlineData("a: 1\rb: 2\r")]
    [InlineData("a: 1\u0085b: 2")]
    [InlineData("a: 1 # c\u2028b: 2")]
    [InlineData("\u2029users: {}")]
    [InlineData("{}\r")]
    public void Line_ends_that_editors_do_not_know_are_refused_between_values(string text)
    {
        Assert.Null(Store.TryRead(DocumentText.Encode(text)));
    }

    [Theory]
    [InlineData("users: {alice: &a {}, bob: *a}", "anchor")]
    [InlineData("users:\n  alice:\n    <<: {enabled: true}\n", "merge")]
    [InlineData("users: !!map {}", "tag")]
    [InlineData("users: !x\n", "tag")]
    [InlineData("%YAML 1.1\n---\nusers: {}", "directive")]
    [InlineData("users: {}\n---\nusers: {}", "second document")]
    [InlineData("x: [a: b]", "pair")]
    [InlineData("? [a]\n: b", "key is not a single value")]
    [InlineData("users:\n  alice:\n", "'alice' has no fields")]
    [InlineData("users:\n  alice: x\n", "'alice' is not a mapping")]
    [InlineData("users: [alice]", "'users' is not a mapping")]
    [InlineData("alice", "the file is not a mapping")]
    [InlineData("users: {}\nusers: {}", "'users' appears twice")]
    [InlineData("users:\n  a: {}\n  \"\\x61\": {}\n", "'a' appears twice")]
    [InlineData("x: {a: 1, a: 2}", "'a' appears twice")]
    [InlineData("users: {~: 1, ~: 2}", "'~' appears twice")]
    [InlineData("users:\n  a: {x: 1, x: 2}\n", "'x' appears twice")]
    [InlineData("users:\n  alice:\n    enabled: 1\n", "'enabled' of user 'alice' must be")]
    [InlineData("users:\n  alice:\n    failed_attempts: '1'\n", "'failed_attempts' of user 'alice' must be")]
    [InlineData("users:\n  alice:\n    created_at: today\n", "'created_at' of user 'alice' must be")]
    [InlineData("users:\n  alice:\n    last_login: 2025-13-01\n", "'last_login' of user 'alice' must be")]
    [InlineData("users:\n  alice:\n    annotation: [a]\n", "'annotation' of user 'alice' is not a single value")]
    [InlineData("users:\n  \"\\e[31m\": x", "'\\u{1B}[31m'")]
    [InlineData("users:\n  alice:\n\t  enabled: true\n", "tab in the indentation")]
    [InlineData("a: 1\n  b: 2\n", "it is not YAML: ")]
    [InlineData("{a: 1}\u2028", "U+2028")]
    [InlineData("?", "key is not a single value")]
    public void A_refusal_says_what_is_wrong(string text, string what)
    {
        Assert.Contains(
            what, Assert.Throws<DocumentException>(() => Store.Read(text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("users:\n  a:\n  a:\n")]
    [InlineData("users:\n  a: {}\n  a:\n")]
    [InlineData("users:\n  a:\n  a: {}\n")]
    public void A_repair_refuses_a_name_that_appears_twice(string text)
    {
        var refusal = Assert.Throws<DocumentException>(() => UserDocument.ParseWithNullEntries(text));

        Assert.Equal(3, refusal.Line);
        Assert.False(refusal.IsRepairable);
    }

    [Fact]
    public void A_key_without_a_value_means_null()
    {
        var alice = Store.Read("users: {alice: {annotation, failed_attempts: 2}}").Find("alice")!.Account;

        Assert.Equal(("", 2), (alice.Annotation, alice.FailedAttempts));
    }

    [Fact]
    public void A_user_without_fields_is_refused_as_repairable() => Assert.True(
        Assert.Throws<DocumentException>(() => Store.Read("users:\n  a:\n")).IsRepairable);

    [Theory]
    [InlineData("users:\n\n  alice:\n    enabled: 1\n", 4)]
    [InlineData("users: {}\n\t\n", 2)]
    [InlineData("users: {\n  alice: {}\n  x}\n", 3)]
    [InlineData("# c\r\nusers:\r\n  alice:\r\n    a: &x 1\r\n", 4)]
    [InlineData("users:\n  alice:\n    annotation: x\n", 2)]
    [InlineData("a: 1\nb: 2\na: 3\n", 3)]
    [InlineData("a: 1\n  b: 2\n", 2)]
    [InlineData("x: 1\ny: \"a\nb\nc\n", 2)]
    public void A_refusal_names_the_line(string text, int line)
    {
        Assert.Equal(line, Assert.Throws<DocumentException>(() => Store.Read(text)).Line);
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0x0A, 0xFF, 0x0A }, 2, "UTF-8")]
    [InlineData(new byte[] { 0x61, 0x0A, 0x0A, 0xC3 }, 3, "UTF-8")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, 1, "UTF-8")]
    [InlineData(new byte[] { 0xC0, 0x80 }, 1, "UTF-8")]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x61, 0x00 }, 1, "UTF-16")]
    [InlineData(new byte[] { 0xFE, 0xFF, 0x00, 0x61 }, 1, "UTF-16")]
    [InlineData(new byte[] { 0x61, 0x0A, 0x00 }, 2, "U+0000")]
    [InlineData(new byte[] { 0x61, 0x0A, 0x1B }, 2, "U+001B")]
    [InlineData(new byte[] { 0xC2, 0x80 }, 1, "U+0080")]
    [InlineData(new byte[] { 0x7F }, 1, "U+007F")]
    [InlineData(new byte[] { 0x61, 0xEF, 0xBB, 0xBF }, 1, "U+FEFF")]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF }, 1, "U+FEFF")]
    [InlineData(new byte[] { 0x08 }, 1, "U+0008")]
    [InlineData(new byte[] { 0x0B }, 1, "U+000B")]
    [InlineData(new byte[] { 0x0C }, 1, "U+000C")]
    [InlineData(new byte[] { 0x1F }, 1, "U+001F")]
    [InlineData(new byte[] { 0xC2, 0x84 }, 1, "U+0084")]
    [InlineData(new byte[] { 0xC2, 0x9F }, 1, "U+009F")]
    [InlineData(new byte[] { 0xEF, 0xBF, 0xBE }, 1, "U+FFFE")]
    public void Bytes_that_are_not_YAML_text_are_refused_by_line(byte[] bytes, int line, string what)
    {
        var refusal = Assert.Throws<DocumentException>(() => DocumentText.Decode(bytes));

        Assert.Equal(line, refusal.Line);
        Assert.Contains(what, refusal.Message, StringComparison.Ordinal);
    }
}
