using System.Globalization;
using System.Text;
using PgEdgeUsers.Core.Document;

namespace PgEdgeUsers.Core.Tests;

/// <summary>The quick reader of the server's layout, beside the YAML reader that it spares.</summary>
public sealed class ServerLayoutAgreementTests
{
    private static readonly string[] Names = ["alice", "\"no\"", "O'Brien", "user10", "'1e3'", "heidi@example.com", "x-y.z", "\"a: b\"", "b c"];
    private static readonly string[] Notes =
        ["\"\"", "Developer", "'a # b'", "it's", "C:\\temp", "say \"hi\"", "'%pct'", "\"007\"", "a, b", "[x]", "null", "~", "y", "=", "two  blanks", "'q''q'", "\"\\e\"", "a: b", "x #y", "$HOME", "/path", "-"];
    private static readonly string[] Times = ["2024-10-15T14:20:11.123456789Z", "2024-02-29T23:59:59.5+05:30", "2024-11-14T09:30:00Z", "2025-1-2", "0001-01-01T00:00:00Z", "null", "~", "'2024-11-14T09:30:00Z'"];

    [Fact]
    public void It_agrees_with_the_yaml_reader_on_all_that_the_real_server_was_given()
    {
        byte[][] files = [.. Interop.LoaderVectors().Select(v => v.Yaml), Interop.Bytes("server-written.yaml")];

        var read = files.Count(file => AgreesOn(Encoding.UTF8.GetString(file)));

        Assert.InRange(read, 10, files.Length);
    }

    [Fact]
    public void It_agrees_with_the_yaml_reader_on_stores_of_all_kinds_of_values()
    {
        var random = new Random(20251223);

        var read = Enumerable.Range(0, 2000).Count(_ => AgreesOn(Generate(random)));

        Assert.InRange(read, 100, 2000);
    }

    [Fact]
    public void It_agrees_with_the_yaml_reader_whatever_a_character_is_changed_to()
    {
        var random = new Random(7);
        const string Characters = "\n \t:#'\"\\-,[]{}&*!|>%@`~=0a\r\u0085\u2028\uFEFFé";
        var text = "# by hand\n\n" + Store.OfAlice("Developer") + "    # and\n  \n" + Store.OfAlice("'x y'")["users:\n".Length..].Replace("alice", "bob", StringComparison.Ordinal);

        var read = Enumerable.Range(0, 5000).Count(_ =>
        {
            var changed = new StringBuilder(text) { [random.Next(text.Length)] = Characters[random.Next(Characters.Length)] };
            return AgreesOn(changed.ToString());
        });

        Assert.InRange(read, 500, 5000);
    }

    /// <summary>Whether the text is in the server's layout; where it is, the YAML reader must make the same of it.</summary>
    private static bool AgreesOn(string text)
    {
        if (ServerLayoutReader.TryRead(text) is not { } quick)
            return false;
        AssertSame(new UserDocumentReader(text, keepsNullEntries: false).Read(), quick);
        return true;
    }

    private static void AssertSame(UserDocument expected, UserDocument actual)
    {
        Assert.Equal((expected.Root, expected.Users), (actual.Root, actual.Users));
        Assert.Equal(expected.Entries.Select(Describe), actual.Entries.Select(Describe));
    }

    private static (Accounts.UserAccount Account, int Line, Span Key, MappingPlace Body, string Fields) Describe(UserEntry entry) =>
        (entry.Account, entry.Line, entry.Key, entry.Body, string.Join(' ', entry.Fields));

    [Fact]
    public void Comments_and_blank_lines_are_read_without_the_yaml_reader()
    {
        var text = "# by hand\n\n" + Store.OfAlice("Developer").Replace("        enabled", "# note: \"[\n      # x\n        enabled", StringComparison.Ordinal) + "\n    # bob: left\n";

        Assert.True(AgreesOn(text));
    }

    /// <summary>Puts comments and blank lines anywhere between lines, mostly such as every reader takes for that.</summary>
    private static string WithLinesThatSayNothing(string text, Random random)
    {
        string[] lines = ["# c", "", "    # a: b", "        #", "   ", "# 日本 '\"[{", " # c: |", "#\tc", "# c\r", "\t# c", "# c\u0085x: y", "# \u2028"];
        var mixed = new StringBuilder();
        foreach (var line in text.Split('\n'))
        {
            while (random.Next(5) == 0)
                mixed.Append(lines[random.Next(random.Next(8) == 0 ? lines.Length : 7)]).Append('\n');
            mixed.Append(line).Append('\n');
        }

        return mixed.ToString(0, mixed.Length - 1);
    }

    private static string Generate(Random random)
    {
        var text = new StringBuilder("users:\n");
        foreach (var name in random.GetItems(Names, random.Next(1, 4)))
        {
            text.Append(CultureInfo.InvariantCulture, $"    {name}:\n        username: {Pick(Notes)}\n        password_hash: {Store.Hash}\n        created_at: {Pick(Times)}\n")
                .Append(CultureInfo.InvariantCulture, $"        last_login: {Pick(Times)}\n        enabled: {Pick(["true", "false", "yes"])}\n        annotation: {Pick(Notes)}\n")
                .Append(CultureInfo.InvariantCulture, $"        failed_attempts: {Pick(["0", "3", "12", "007", "-1"])}\n");
        }

        return random.Next(2) == 0 ? text.ToString() : WithLinesThatSayNothing(text.ToString(), random);

        // Mostly the first, so that whole stores are in the layout often enough.
        string Pick(string[] values) => random.Next(3) > 0 ? values[random.Next(Math.Min(2, values.Length))] : values[random.Next(values.Length)];
    }
}
