using System.Text;
using PgEdgeUsers.Core.Tests.UserFiles;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.Yaml;

/// <summary>
/// Randomly changed files and extremely large files are refused with a reason or read, without a hang. The number of
/// random files is <c>PGEDGEUSERS_FUZZ_RUNS</c>; the same number gives the same files.
/// </summary>
public sealed class HostileTextTests
{
    private const int DefaultRuns = 2000;

    private const string Indicators = "\n\t :#-?'\"{}[],&*!|>%@\\";

    private static readonly string[] Tokens =
    [
        "? ", ": ", ":", "- ", "|", ">", "|2", "|-", ">+", "#", " # c", "\t", "\r", "\r\n", "\n", "\n\n", "\u0085",
        "\u2028", "\uFEFF", "\n---\n", "--- ", "\n...\n", "%YAML 1.1\n---\n", "{", "}", "[", "]", ",", "\"", "'", "\\",
        "*a", "&a ", "!", "!!str ", "<<: ",
        "@", "`", "~", "null", "users:", "alice:", "\"a\\nb\"", "\"\\ud83d\"", "{a: b}", "{a}", "{a:}", "[a: b]",
        "enabled: yes", "failed_attempts: 1", "annotation: |\n", "1e3", "0x1", "2025-01-02", "é", "😀", "\0", "\u001b",
        "\uFFFE", "    ", "        ",
    ];

    private static readonly byte[][] Files = [Interop.Bytes("server-written.yaml"), .. Interop.LoaderVectors()
        .Select(v => v.Yaml)];

    [Fact]
    public void Randomly_changed_files_are_refused_with_a_reason_or_read_and_edited_without_loss()
    {
        var runs = int.TryParse(Environment.GetEnvironmentVariable("PGEDGEUSERS_FUZZ_RUNS"), out var setting)
            ? setting
            : DefaultRuns;
        for (var run = 0; run < runs; run++)
        {
            var random = new Random(run);
            var bytes = Files[run % 4 == 0 ? 0 : random.Next(Files.Length)];
            for (var changes = random.Next(1, 6); changes > 0; changes--)
                bytes = Mutate(bytes, random);
            var text = bytes;
            try
            {
                Store.Promptly(() =>
                {
                    if (Store.TryRead(text) is { } document)
                        Lossless.Check(document);
                    return true;
                });
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Run {run}: {Convert.ToBase64String(bytes)}", e);
            }
        }
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        var length = Math.Min(random.Next(random.Next(2) == 0 ? 4 : 60), bytes.Length - at);
        return random.Next(6) switch
        {
            0 => [.. bytes[..at], (byte)random.Next(256), .. bytes[Math.Min(at + 1, bytes.Length)..]],
            1 => [.. bytes[..at], .. bytes[(at + length)..]],
            2 => [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]],
            3 => [.. bytes[..at], .. Files[random.Next(Files.Length)].Take(length), .. bytes[at..]],
            4 => [.. bytes[..at], (byte)Indicators[random.Next(Indicators.Length)], .. bytes[at..]],
            _ => [.. bytes[..at], .. Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]), .. bytes[at..]],
        };
    }

    public static TheoryData<string> Nested => new("x: {0}[", "x: {0}{", "x: {0}[{", "{0}- ", "{0}? ", "{0}[",
        "{0}{a: ", "users: {0}{a: ", "users:\n  alice: {0}{a: ", "users:\n  alice:\n    x: {0}[");

    [Theory]
    [MemberData(nameof(Nested))]
    public void Content_of_10_000_levels_is_refused_for_its_depth(string form)
    {
        var parts = form.Split("{0}");
        var text = parts[0] + string.Concat(Enumerable.Repeat(parts[1], 10_000));

        Assert.Null(Store.Promptly(() => Store.TryRead(DocumentText.Encode(text))));
        Assert.Null(Store.Promptly(() => Store.TryRead(DocumentText.Encode(text + new string(']', 10_000)))));
    }

    [Fact]
    public void Lines_indented_ever_deeper_are_refused_for_their_depth()
    {
        var text = string.Concat(Enumerable.Range(0, 10_000).Select(i => new string(' ', i) + "a:\n"));

        var refusal = Assert.Throws<DocumentException>(() => Store.Promptly(() => Store.Read(text)));

        Assert.Contains("64 levels", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Content_of_64_levels_is_read()
    {
        Assert.NotNull(Store.TryRead(DocumentText.Encode("x: " + new string('[', 63) + new string(']', 63))));
        Assert.Null(Store.TryRead(DocumentText.Encode("x: " + new string('[', 64) + new string(']', 64))));
        Assert.NotNull(Store.TryRead(
            DocumentText.Encode("x: [" + string.Concat(Enumerable.Repeat("[], {a: 1}, ", 64)) + "]")));
    }

    [Fact]
    public void A_name_of_10_MB_is_refused_as_a_plain_key_and_read_as_a_complex_one()
    {
        var name = new string('x', 10_000_000);

        foreach (var key in new[] { name, $"\"{name}\"", $"'{name}'",
            name.Replace("x", "x ", StringComparison.Ordinal) })
        {
            Assert.Null(Store.Promptly(() =>
                Store.TryRead(DocumentText.Encode($"users:\n    {key}:\n        failed_attempts: 0\n"))));
        }

        var document = Store.Promptly(() =>
            Store.TryRead(DocumentText.Encode($"users:\n    ? {name}\n    : failed_attempts: 0\n")))!;
        Assert.Equal(name.Length, document.Users().Single().Name.Length);
        Assert.Null(Store.Promptly(() => Store.FailureOf(document.Text, new RemoveUser(name))));
    }

    [Theory]
    [InlineData("? {0}\n    : x")]
    [InlineData("? {0}\n    :\n")]
    [InlineData("? {0}\n    : enabled: 1")]
    [InlineData("? {0}\n    : created_at: x")]
    [InlineData("? {0}\n    : enabled: true")]
    [InlineData("? {0}\n    : {}\n    ? {0}\n    : {}")]
    [InlineData("a: {? {0} : {b: @}}")]
    public void A_message_about_a_name_of_10_MB_is_short(string user)
    {
        var text = "users:\n    " + user.Replace("{0}", new string('x', 10_000_000), StringComparison.Ordinal) + "\n";

        Assert.InRange(
            Assert.Throws<DocumentException>(() => Store.Promptly(() => Store.Read(text))).Message.Length, 10, 300);
    }

    [Fact]
    public void Messages_contain_no_values_of_the_file()
    {
        foreach (var value in new[] { "hunter2?", "[hunter2", "{hunter2", "\"hunter2\\q\"", "@hunter2", "hunter2: x",
            "&hunter2", "*hunter2", "!hunter2 x", "|hunter2", "%hunter2", "hunter2}" })
        {
            string[] texts =
            [
                $"users: {{alice: {{password_hash: {value}}}}}", $"users:\n  alice:\n    enabled: {value}\n",
                $"users:\n  alice:\n    created_at: {value}\n", $"users:\n  alice:\n    failed_attempts: {value}\n",
            ];
            foreach (var text in texts)
            {
                if (Record.Exception(() => Store.Read(text)) is DocumentException refusal)
                    Assert.DoesNotContain("hunter2", refusal.Message + refusal.Remedy, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("\"{0}\"")]
    [InlineData("'{0}'")]
    [InlineData("|\n            {0}")]
    [InlineData("x # {0}")]
    public void A_line_of_10_MB_is_read_and_edited(string form)
    {
        var text = Sample.OfAlice(form.Replace("{0}", new string('x', 10_000_000), StringComparison.Ordinal));

        Assert.Equal("new", Store.Promptly(() => Store.Read(Store.Change(text, Store.Annotate("alice", "new")))).Users()
            .Single().Annotation);
    }

    [Fact]
    public void Millions_of_spaces_line_breaks_and_comments_are_read()
    {
        foreach (var filler in new[] { new string(' ', 1_000_000) + "\n", new string('\n', 1_000_000),
            string.Concat(Enumerable.Repeat("# c\n", 250_000)) })
        {
            Assert.NotNull(Store.Promptly(() => Store.TryRead(DocumentText.Encode(filler + Sample.Alice + filler))));
        }
    }

    [Fact]
    public void Half_a_million_unknown_keys_are_ignored()
    {
        var keys = string.Concat(Enumerable.Range(0, 500_000).Select(i => $"k{i}: 1\n"));
        var inUser = string.Concat(Enumerable.Range(0, 500_000).Select(i => $"        k{i}: 1\n"));

        Assert.Single(Store.Promptly(() => Store.TryRead(DocumentText.Encode(keys + Sample.Alice)))!.Entries);
        Assert.Equal(1001, Store.Promptly(() => Store.TryRead(DocumentText.Encode(
            Sample.Alice + inUser + string.Concat(Enumerable.Range(0, 1000)
                .Select(i => $"    u{i}:\n        x: 1\n        failed_attempts: 0\n")))))!.Entries.Count);
    }

    [Theory]
    [InlineData(
        "    user{0}:\n        username: user{0}\n        password_hash: x\n"
            + "        created_at: 2025-01-02T03:04:05Z\n        last_login: null\n        enabled: true\n"
            + "        annotation: \"\"\n        failed_attempts: 0\n")]
    [InlineData("    user{0}: {username: user{0}, enabled: true, failed_attempts: 0}\n")]
    public void A_hundred_thousand_users_are_read_and_edited_at_once(string form)
    {
        var text = "users:\n" + string.Concat(Enumerable.Range(0, 100_000).Select(i => form.Replace(
            "{0}", i.ToString("D6", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)));
        var changes = Enumerable.Range(0, 100_000).Select(i => (i % 3) switch
        {
            0 => (UserChange)new RemoveUser($"user{i:D6}"),
            1 => new UpdateUser($"user{i:D6}", user => user with { Enabled = false }),
            _ => new AddUser(Sample.Account($"new{i:D6}")),
        }).ToArray();

        var (edited, results) = Store.Promptly(() => ChangeSet.Apply(Store.Read(text), changes));

        Assert.DoesNotContain(results, result => result.Failure is not null);
        Assert.Equal(100_000 - 33_334 + 33_333, edited.Entries.Count);
        Assert.Equal(33_333, edited.Users().Count(u => !u.Enabled));
    }
}
