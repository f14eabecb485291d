using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>A user file's text with all that the server would read in it, and where.</summary>
internal sealed class UserDocument(string text, UserEntries entries)
{
    /// <summary>A file that does not exist yet.</summary>
    public static UserDocument Empty { get; } = new("", new UserEntries(""));

    public string Text { get; } = text;

    /// <summary>The whole document; null where the text has none.</summary>
    public NodeSpans? Root { get; init; }

    /// <summary>The top-level key <c>users</c> with its value; null where there is no such key.</summary>
    public PairSpans? UsersPair { get; init; }

    /// <summary>The value of the top-level key <c>users</c>; null where there is no such key.</summary>
    public NodeSpans? Users { get; init; }

    /// <summary>The users in the order of the text.</summary>
    public IReadOnlyList<UserEntry> Entries => entries.InOrder;

    /// <summary>Users with nothing in them, of which only <see cref="ParseWithNullEntries"/> tells.</summary>
    public IReadOnlyList<NullEntry> NullEntries { get; init; } = [];

    /// <summary>The line break that the text uses, taken from its first.</summary>
    public string LineBreak
    {
        get
        {
            var first = Text.IndexOf('\n', StringComparison.Ordinal);
            return first > 0 && Text[first - 1] == '\r' ? "\r\n" : "\n";
        }
    }

    /// <summary>Whether the text ends with a user in block style, which could be cut off.</summary>
    public bool EndsWithUser => Users is { Mapping.IsFlow: false } && Entries is [.., var last]
        && last.Body.Span.End == Root!.Span.End;

    /// <summary>
    /// Whether the text cannot be the beginning of a longer one that is being written. False also for a text without
    /// users that does not say so with <c>{}</c>, and for one that ends with a user without <c>failed_attempts</c>:
    /// that is how the server's first release ends every file, and another server a file of which the last line is not
    /// written yet.
    /// </summary>
    public bool IsCertainlyWhole => Text is [.., '\n'] && (Entries is [.., var last]
        ? last.Body.IsFlow || !EndsWithUser || !last[AccountField.FailedAttempts].IsMissing
        : Users is { Span.IsEmpty: false });

    public UserEntry? Find(string name) => entries.Find(name);

    /// <summary>Reads a text by the server's rules.</summary>
    /// <exception cref="DocumentException">
    /// The server would refuse the text or read it differently, or it looks cut off.
    /// </exception>
    public static UserDocument Parse(string text) => Parse(text, keepsNullEntries: false);

    /// <summary>
    /// Reads a text by the server's rules, but lists users with nothing in them instead of refusing them.
    /// </summary>
    /// <exception cref="DocumentException">
    /// The server would refuse the text or read it differently, or it looks cut off.
    /// </exception>
    public static UserDocument ParseWithNullEntries(string text) => Parse(text, keepsNullEntries: true);

    private static UserDocument Parse(string text, bool keepsNullEntries)
    {
        try
        {
            return new UserDocumentReader(text, new BlockTokenizer(text), keepsNullEntries).Read();
        }
        catch (NotBlockStyleException)
        {
            return new UserDocumentReader(text, new EventTokenizer(text), keepsNullEntries).Read();
        }
    }
}
