using System.Text;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>
/// Files with lines that are repeated, removed, swapped, ended or indented differently, and with comments between them.
/// </summary>
public sealed class ChangedLinesTests
{
    public static TheoryData<string> Files => ["server-written.yaml", .. Interop.LoaderVectors().Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_with_changed_lines_is_refused_with_a_reason_or_read_and_edited_without_loss(string name)
    {
        var bytes = name == "server-written.yaml"
            ? Interop.Bytes(name)
            : Interop.LoaderVectors().Single(v => v.Name == name).Yaml;
        foreach (var variant in Variants(bytes))
        {
            if (Store.TryRead(variant) is { } document)
                Lossless.Check(document);
        }
    }

    [Fact]
    public void Line_breaks_a_byte_order_mark_and_comments_do_not_change_the_values()
    {
        var users = Store.Read(Sample.Alice).Users();

        Assert.All(
            new[]
            {
                Sample.Alice.Replace("\n", "\r\n", StringComparison.Ordinal), "\uFEFF" + Sample.Alice,
                Sample.Alice.Replace("\n", " # c\n", StringComparison.Ordinal),
                Sample.Alice.Replace("\n", "\n# c: d\n\n", StringComparison.Ordinal),
                Sample.Alice.Replace("\n", "\n                    # c\n", StringComparison.Ordinal),
                Sample.Alice.Replace("\n", "\t\n", StringComparison.Ordinal),
                Sample.Alice.Replace("    ", "  ", StringComparison.Ordinal), Sample.Alice.Replace(
                    "    ", " ", StringComparison.Ordinal), "---\n" + Sample.Alice + "...\n",
            },
            text => Assert.Equal(users, Store.Read(text).Users()));
    }

    private static IEnumerable<byte[]> Variants(byte[] bytes)
    {
        var lines = Lines(bytes);
        for (var i = 0; i < lines.Count; i++)
        {
            yield return Join([.. lines[..i], lines[i], .. lines[i..]]);
            yield return Join([.. lines[..i], .. lines[(i + 1)..]]);
            if (i + 1 < lines.Count)
                yield return Join([.. lines[..i], lines[i + 1], lines[i], .. lines[(i + 2)..]]);
        }

        yield return Join(lines.Select(line =>
            line is [.., (byte)'\n'] and not [.., (byte)'\r', (byte)'\n'] ? [.. line[..^1], .. "\r\n"u8] : line));
        yield return [0xEF, 0xBB, 0xBF, .. bytes];
        yield return Join(lines.Select(line =>
            Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(line).Replace("    ", "\t", StringComparison.Ordinal))));
        foreach (var indent in new[] { 0, 4, 8, 20 })
        {
            yield return Join(lines.SelectMany(line =>
                new[] { line, Encoding.ASCII.GetBytes(new string(' ', indent) + "# between: the lines\n") }));
        }

        yield return Join(lines.SelectMany(line => new[] { line, [(byte)'\n'] }));
    }

    private static List<byte[]> Lines(byte[] bytes)
    {
        var lines = new List<byte[]>();
        for (var start = 0; start < bytes.Length; start += lines[^1].Length)
        {
            lines.Add(bytes.AsSpan(start).IndexOf((byte)'\n') is var length and >= 0
                ? bytes[start..(start + length + 1)]
                : bytes[start..]);
        }

        return lines;
    }

    private static byte[] Join(IEnumerable<byte[]> lines) => [.. lines.SelectMany(line => line)];
}
