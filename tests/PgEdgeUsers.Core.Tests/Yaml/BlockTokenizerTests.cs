using System.Globalization;
using System.Text;
using FsCheck.Fluent;
using PgEdgeUsers.Core.Tests.UserFiles;
using PgEdgeUsers.Core.Yaml;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.Yaml;

/// <summary>If the block tokenizer reads a text, it returns the same tokens as the event tokenizer.</summary>
public sealed class BlockTokenizerTests
{
    private const string Hash = "password_hash: " + Sample.Hash;

    private static readonly string[] Names =
        ["alice", "\"no\"", "O'Brien", "user10", "'1e3'", "heidi@example.com", "x-y.z", "\"a: b\"", "b c", "Zoë", "日本",
            "a#b", "\"\"", "x?y", "123", "~", "null", "? q", "'it''s'", ":v", "?v"];
    private static readonly string[] Notes =
    [
        "\"\"", "Developer", "'a # b'", "it's", "C:\\temp", "say \"hi\"", "'%pct'", "\"007\"", "a, b", "[x]", "null",
        "~", "y", "=", "two  blanks", "'q''q'", "\"\\e\"", "a: b", "x #y", "$HOME", "/path", "-",
        "", "note # why", "'note' # it's", "\"a\\\" # b\"", "\"a\" b", "'a' 'b'", "'open", "note ", "  note", "日本 語",
        "\u00A0x", "a\u2028b", "😀", "ﬀ", "|\n            two\n            # lines", "|+\n            kept\n\n",
        ">-\n          a\n           b",
        "\"two\n  lines\"", "\"two\n    lines: x\"", "plain\n          more", "plain\n      less", "{a: b}",
        "{a:\n    b}", "[a,\n    b: c]", "&a x", "*a", "!t x", "# only", "x\ty", "x\t# c", "é # é", "'é'",
    ];

    private static readonly string[] Times =
        ["2024-10-15T14:20:11.123456789Z", "2024-02-29T23:59:59.5+05:30", "2024-11-14T09:30:00Z", "2025-1-2",
            "0001-01-01T00:00:00Z", "null", "~", "'2024-11-14T09:30:00Z'", "", "null # never"];

    [Fact]
    public void Both_tokenizers_agree_on_all_files_that_the_real_server_was_given()
    {
        byte[][] files = [.. Interop.LoaderVectors().Select(v => v.Yaml), Interop.Bytes("server-written.yaml")];

        var read = files.Count(file => AgreesOn(Encoding.UTF8.GetString(file)));

        Assert.InRange(read, 10, files.Length);
    }

    [Fact]
    public void Both_tokenizers_agree_on_files_of_any_indentation_order_and_comments()
    {
        var read = Documents.Block.Generator.Sample(2000).Count(file => AgreesOn(file.Text));

        Assert.InRange(read, 20, 2000);
    }

    [Fact]
    public void Both_tokenizers_agree_on_values_of_all_kinds()
    {
        var random = new Random(20251223);

        var read = Enumerable.Range(0, 5000).Count(_ => AgreesOn(Generate(random)));

        Assert.InRange(read, 500, 5000);
    }

    [Fact]
    public void Both_tokenizers_agree_whatever_a_character_is_changed_to()
    {
        var random = new Random(7);
        const string Characters = "\n \t:#'\"\\-,[]{}&*!|>%@`~=0a\r\u0085\u2028\uFEFFé";
        var text = "# by hand\n\n" + Sample.OfAlice("Developer # who") + "    # and\n  \n" + Sample.OfAlice(
            "'x y'")["users:\n".Length..].Replace("alice", "bob", StringComparison.Ordinal)
            + Sample.OfAlice("|-\n            two\n            lines")["users:\n".Length..]
                .Replace("alice", "carol", StringComparison.Ordinal);

        var read = Enumerable.Range(0, 5000).Count(_ =>
        {
            var changed = new StringBuilder(text);
            for (var count = random.Next(1, 3); count > 0; count--)
                changed[random.Next(text.Length)] = Characters[random.Next(Characters.Length)];
            return AgreesOn(changed.ToString());
        });

        Assert.InRange(read, 500, 5000);
    }

    [Theory]
    [InlineData("annotation: 'it''s'")]
    [InlineData("annotation: \"a\\tb\"")]
    [InlineData("annotation:")]
    [InlineData("annotation: ~")]
    [InlineData("annotation: |\n            two\n            lines")]
    [InlineData("annotation: |+\n            kept\n\n")]
    [InlineData("annotation: |4-\n             two\n            lines")]
    [InlineData("annotation: >-\n            a\n            b\n\n            c\n              d\n            e")]
    [InlineData("annotation: > # why\n            a\n\n    # below\n")]
    [InlineData("annotation: 'Account 17: team #3, \"generated\"'")]
    [InlineData("annotation: \"\\0\\a\\b\\t\\\t\\n\\v\\f\\r\\e\\ \\\"\\\\\\N\\_\\L\\P\\x41\\u00e9\\U0001F600\"")]
    [InlineData("annotation: note\n        more:\n          deep:\n            deeper: x\n          up: 'y'")]
    [InlineData("annotation: note # why")]
    [InlineData("annotation: 日本")]
    [InlineData("annotation: 😀")]
    [InlineData("annotation: note\n        role: admin")]
    [InlineData("# two\n\n      # comments\n        annotation: note")]
    public void The_block_tokenizer_reads_values_of_every_style(string annotation)
    {
        string[] users = [User("alice"), User("bob")
            .Replace("annotation: note", annotation, StringComparison.Ordinal), User("carol")];

        foreach (var order in new[] { (0, 1, 2), (1, 0, 2), (0, 2, 1) })
            Assert.True(AgreesOn("users:\n" + users[order.Item1] + users[order.Item2] + users[order.Item3]));
    }

    [Theory]
    [InlineData("users:\n  alice:\n    " + Hash + "\n    failed_attempts: 0\n")]
    [InlineData("users:\n alice:\n  failed_attempts: 0\n  " + Hash + "\n # end\n")]
    [InlineData("users:\n  Zoë:\n    username: \"x\"   # y\n    failed_attempts: 0   \n\n")]
    [InlineData(
        "\uFEFF# c\r\nusers:\r\n    alice:\r\n        annotation: |+\r\n            a\r\n\r\n"
            + "        failed_attempts: 0\r\n")]
    [InlineData(
        "  other: 1\n  users:\n    ~:\n      failed_attempts: 1\n    alice:\n    \"b\" :\n       enabled: true # c")]
    [InlineData("a#b: c #d\na::b: e# f\n-g: h\n")]
    [InlineData("a:\n b:\n  c:\n   d:\n    e:\n     f:\n      g:\n       h:\n        i:\n         j: 1\nk: 1\n")]
    [InlineData("a: |\n  last\n")]
    [InlineData("a: |\n  x\n  \n  y  \nb: 1")]
    [InlineData("a: |1\n x\nb: |9\n         x\nc: |+2\n  x\n")]
    public void The_block_tokenizer_reads_any_indentation_order_line_breaks_and_comments(string text) =>
        Assert.True(AgreesOn(text));

    [Fact]
    public void The_block_tokenizer_reads_every_annotation_that_the_server_writes()
    {
        // The server writes only this character without an escape.
        var scalars = Interop.AnnotationScalars()
            .Where(scalar => !scalar.Yaml.Contains('\u2028', StringComparison.Ordinal)).ToArray();

        Assert.InRange(scalars.Length, 120, 1000);
        Assert.All(scalars, scalar => Assert.True(AgreesOn(Sample.OfAlice(scalar.Yaml)), scalar.Yaml));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# c\n")]
    [InlineData("users: {}\n")]
    [InlineData("{\"users\": {\"alice\": {\"failed_attempts\": 0}}}\n")]
    [InlineData("users:\n    alice: {failed_attempts: 0}\n")]
    [InlineData("---\nusers:\n    alice:\n")]
    [InlineData("users:\n    ? alice\n    :\n")]
    [InlineData("users:\n    :v:\n        failed_attempts: 0\n")]
    [InlineData("users:\n    - alice\n")]
    [InlineData("users:\n- alice\n")]
    [InlineData("users:\n    alice\n")]
    [InlineData("  users:\nother: 1\n")]
    [InlineData("users:\n    alice:\n        a: 1\n   bob:\n        a: 1\n")]
    [InlineData("users:\n    alice:\n        a: 1\n         b: 1\n")]
    [InlineData("a: note\n  more")]
    [InlineData("a: \"two\n  lines\"")]
    [InlineData("a: |\n  x\nb: 1\r")]
    [InlineData("a: 1\u2028b: 2")]
    [InlineData("a: |")]
    [InlineData("a: |\n  \tx\nb: 1\n ")]
    [InlineData("a: |\n    \n  x\n")]
    [InlineData("a: |\n  x\n     \n")]
    [InlineData("a: \"\\q\"")]
    [InlineData("a: \"\\ud83d\\ude00\"")]
    [InlineData("a: b: c")]
    [InlineData("a: 'b'c")]
    [InlineData("a: 'b'# c")]
    [InlineData("a: 'b")]
    [InlineData("a: 'b\n  c'")]
    [InlineData("\"a\"")]
    [InlineData("\"a\" b")]
    [InlineData("\"a\":b")]
    [InlineData("\"a\":# b")]
    [InlineData("a #b: c")]
    [InlineData("--- a: b")]
    [InlineData("... a: b")]
    [InlineData("a: - b")]
    [InlineData("a: ? b")]
    [InlineData("a: : b")]
    [InlineData("a: |\nb: 1\n")]
    [InlineData("a: |0\n  b\n")]
    [InlineData("a: |12\n  b\n")]
    [InlineData("a: |+-\n  b\n")]
    [InlineData("a: | b\n  c\n")]
    [InlineData("a: |# b\n  c\n")]
    [InlineData("\ta: b")]
    public void Any_other_text_is_left_to_the_event_tokenizer(string text) =>
        Assert.Null(Tokens(text, new BlockTokenizer(text)));

    [Fact]
    public void A_value_that_begins_with_an_indicator_is_left_to_the_event_tokenizer() => Assert.All(
        ",[]{}&*!|>%@`", indicator =>
        {
            var text = $"a: {indicator}b\n";
            Assert.Null(Tokens(text, new BlockTokenizer(text)));
        });

    [Fact]
    public void Both_tokenizers_read_long_block_scalars() =>
        Assert.True(AgreesOn(Sample.OfAlice($"|\n            {new string('x', 2000)}  ")));

    [Fact]
    public void A_scalar_below_its_key_is_not_taken_for_a_mapping()
    {
        Assert.Equal("x", Store.Read(Sample.OfAlice("\n            x")).Find("alice")!.Account.Annotation);
        Assert.False(AgreesOn(Sample.OfAlice("\n            x")));
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1023, true)]
    [InlineData(1024, false)]
    [InlineData(5000, false)]
    public void A_key_has_at_most_as_many_characters_as_the_server_reads(int length, bool isRead)
    {
        foreach (var key in new[] { new string('k', length), $"\"{new string('k', length - 2)}\"" })
        {
            foreach (var text in new[] { "users:\n" + User(key), $"users: {{{key}: {{}}}}" })
                Assert.Equal(isRead, Store.TryRead(DocumentText.Encode(text)) is not null);
        }
    }

    [Fact]
    public void Both_tokenizers_agree_wherever_a_text_ends()
    {
        var text = "users:\n" + User("alice") + User("bob")
            .Replace("note", "|\n            two\n            lines", StringComparison.Ordinal) + User("carol");

        var read = Enumerable.Range(0, text.Length + 1).Count(length => AgreesOn(text[..length]));

        Assert.InRange(read, 2, text.Length);
    }

    /// <summary>
    /// Whether the block tokenizer reads the text. If it does, the event tokenizer must return the same tokens.
    /// </summary>
    private static bool AgreesOn(string text)
    {
        if (Tokens(text, new BlockTokenizer(text)) is not { } tokens)
            return false;
        try
        {
            Assert.Equal(Tokens(text, new EventTokenizer(text)), tokens);
        }
        catch (DocumentException e)
        {
            throw new InvalidOperationException($"It reads what is refused ({e.Message}):\n{text}");
        }

        return true;
    }

    private static List<string>? Tokens(string text, TokenSource source)
    {
        var tokens = new List<string>();
        try
        {
            Token token;
            do
            {
                token = source.Next();
                var value = token.Kind is TokenKind.Key or TokenKind.Scalar ? token.ValueIn(text).ToString() : "";
                tokens.Add($"{token with { Decoded = null }} {value}");
            }
            while (token.Kind != TokenKind.End);
        }
        catch (NotBlockStyleException)
        {
            return null;
        }

        return tokens;
    }

    private static string User(string key) =>
        Sample.Alice["users:\n".Length..].Replace("    alice:", $"    {key}:", StringComparison.Ordinal);

    /// <summary>
    /// A few users with values of all kinds. Most are ordinary, so that many files can be read to the end.
    /// </summary>
    private static string Generate(Random random)
    {
        var text = new StringBuilder("users:\n");
        foreach (var name in random.GetItems(Names, random.Next(1, 4)))
        {
            string[] lines =
            [
                $"username: {Pick(Notes)}", Hash, $"created_at: {Pick(Times)}", $"last_login: {Pick(Times)}",
                $"enabled: {Pick(["true", "false", "yes"])}",
                $"annotation: {Pick(Notes)}", $"failed_attempts: {Pick(["0", "3", "12", "007", "-1", ""])}",
            ];
            if (random.Next(8) == 0)
                random.Shuffle(lines);
            text.Append(CultureInfo.InvariantCulture, $"    {name}:\n")
                .AppendJoin("", lines.Select(line => random.Next(40) == 0 ? "" : $"        {line}\n"));
        }

        return random.Next(2) == 0 ? text.ToString() : WithLinesThatSayNothing(text.ToString(), random);

        string Pick(string[] values) => random.Next(4) > 0
            ? values[random.Next(Math.Min(2, values.Length))]
            : values[random.Next(values.Length)];
    }

    /// <summary>Adds comments and empty lines between lines, mostly those that every reader ignores.</summary>
    private static string WithLinesThatSayNothing(string text, Random random)
    {
        string[] lines = ["# c", "", "    # a: b", "        #", "   ", "# 日本 '\"[{", " # c: |", "#\tc", "# c\r",
            "\t# c", "# c\u0085x: y", "# \u2028"];
        var mixed = new StringBuilder();
        foreach (var line in text.Split('\n'))
        {
            while (random.Next(5) == 0)
                mixed.Append(lines[random.Next(random.Next(8) == 0 ? lines.Length : 7)]).Append('\n');
            mixed.Append(line).Append('\n');
        }

        return mixed.ToString(0, mixed.Length - 1);
    }
}
