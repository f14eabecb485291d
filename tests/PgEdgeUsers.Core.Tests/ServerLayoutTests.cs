using PgEdgeUsers.Core.Document;

namespace PgEdgeUsers.Core.Tests;

/// <summary>The short way for files in the server's layout: where it can be taken, it leads to the same place.</summary>
public sealed class ServerLayoutTests
{
    private static readonly string[] Keys = ["alice", "O.Brien", "\"1e3\"", "'a: b'", "two words", "\"\"", "a-b", "x?y", "123"];

    [Fact]
    public void A_store_in_the_servers_layout_reads_the_same_on_either_way()
    {
        var text = "users:\n" + string.Concat(Keys.Select(User));

        AssertSame(text, isShort: true);
    }

    [Theory]
    [InlineData("alice", "annotation: note", "annotation: 'it''s'")]
    [InlineData("alice", "annotation: note", "annotation: \"a\\tb\"")]
    [InlineData("alice", "annotation: note", "annotation: note # c")]
    [InlineData("alice", "annotation: note", "annotation:")]
    [InlineData("alice", "annotation: note", "annotation: null")]
    [InlineData("alice", "annotation: note", "annotation: ~")]
    [InlineData("alice", "annotation: note", "annotation: note ")]
    [InlineData("alice", "annotation: note", "annotation: 日本")]
    [InlineData("alice", "annotation: note", "annotation: |\n            note")]
    [InlineData("alice", "annotation: note", "annotation: note\n        role: admin")]
    [InlineData("alice", "enabled: true", "enabled: yes")]
    [InlineData("alice", "failed_attempts: 0", "failed_attempts: +1")]
    [InlineData("alice", "failed_attempts: 0", "failed_attempts: 2147483647")]
    [InlineData("alice", "last_login: null", "last_login: ~")]
    [InlineData("alice", "created_at: 2025-01-02T03:04:05Z", "created_at: '2025-01-02T03:04:05Z'")]
    [InlineData("Zoë", "note", "note")]
    [InlineData("a#b", "note", "note")]
    [InlineData("~", "note", "note")]
    [InlineData("null", "note", "note")]
    [InlineData("? alice\n    ", "note", "note")]
    public void Anything_else_is_left_to_the_other_way(string key, string what, string instead)
    {
        AssertSame("users:\n" + User(key, 0).Replace(what, instead, StringComparison.Ordinal) + User("bob", 1), isShort: false);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1023, true)]
    [InlineData(1024, false)]
    [InlineData(5000, false)]
    public void A_key_is_no_longer_than_the_servers_parser_has_it(int length, bool isRead)
    {
        foreach (var key in new[] { new string('k', length), $"\"{new string('k', length - 2)}\"" })
            Assert.Equal(isRead, Store.TryRead(DocumentText.Encode("users:\n" + User(key, 0))) is not null);
    }

    [Fact]
    public void A_text_that_ends_within_a_line_is_left_to_the_other_way()
    {
        var text = "users:\n" + User("alice", 0);

        for (var length = 0; length < text.Length; length++)
            Assert.Null(ServerLayoutReader.TryRead(text[..length]));
        Assert.NotNull(ServerLayoutReader.TryRead(text));
    }

    [Fact]
    public void A_user_that_is_there_twice_is_left_to_the_other_way()
    {
        var text = "users:\n" + User("alice", 0) + User("\"alice\"", 1);

        Assert.Null(ServerLayoutReader.TryRead(text));
        Assert.Throws<DocumentException>(() => Store.Read(text));
    }

    private static string User(string key, int number) => Store.Alice["users:\n".Length..].Replace("    alice:", $"    {key}:", StringComparison.Ordinal)
        .Replace("username: alice", number % 2 == 0 ? "username: alice" : "username: \"shown\"", StringComparison.Ordinal);

    private static void AssertSame(string text, bool isShort)
    {
        var other = new UserDocumentReader(text, keepsNullEntries: false).Read();
        var document = ServerLayoutReader.TryRead(text);
        Assert.Equal(isShort, document is not null);
        if (document is null)
            return;

        Assert.Equal((other.Root, other.Users), (document.Root, document.Users));
        foreach (var (one, two) in document.Entries.Zip(other.Entries))
        {
            Assert.Equal((two.Account, two.Line, two.Key, two.Body), (one.Account, one.Line, one.Key, one.Body));
            Assert.Equal(two.Fields, one.Fields);
        }

        Assert.Equal(other.Entries.Count, document.Entries.Count);
    }
}
