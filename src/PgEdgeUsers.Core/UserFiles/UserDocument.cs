using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>The text of a user file, with everything that the server reads from it and its spans.</summary>
internal sealed class UserDocument(string text, UserEntries entries)
{
    /// <summary>The document of a file that does not exist yet.</summary>
    public static UserDocument Empty { get; } = new("", new UserEntries(""));

    public string Text { get; } = text;

    /// <summary>The root of the document; null if the text has none.</summary>
    public NodeSpans? Root { get; init; }

    /// <summary>The top-level key <c>users</c> with its value; null if there is no such key.</summary>
    public PairSpans? UsersPair { get; init; }

    /// <summary>The value of the top-level key <c>users</c>; null if there is no such key.</summary>
    public NodeSpans? Users { get; init; }

    /// <summary>The users in the order of the text.</summary>
    public IReadOnlyList<UserEntry> Entries => entries.InOrder;

    /// <summary>The users without fields; only <see cref="ParseWithNullEntries"/> lists them.</summary>
    public IReadOnlyList<NullEntry> NullEntries { get; init; } = [];

    /// <summary>The line break of the first line, which is used for new lines.</summary>
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
    /// Whether the text cannot be the beginning of a longer one that is being written. Also false for a text without
    /// users that does not say so with <c>{}</c>, and for one that ends with a user without <c>failed_attempts</c>:
    /// that is the end of every file of the server's first release, but of a later server only while the last line is
    /// not written yet.
    /// </summary>
    public bool IsCertainlyComplete => Text is [.., '\n'] && (Entries is [.., var last]
        ? last.Body.IsFlow || !EndsWithUser || !last[AccountField.FailedAttempts].IsMissing
        : Users is { Span.IsEmpty: false });

    public UserEntry? Find(string name) => entries.Find(name);

    /// <summary>Reads a text by the server's rules.</summary>
    /// <exception cref="DocumentException">
    /// The server would reject the text or read it differently, or the text looks truncated.
    /// </exception>
    public static UserDocument Parse(string text) => Parse(text, keepsNullEntries: false);

    /// <summary>
    /// Reads a text by the server's rules, but lists users without fields instead of rejecting the text.
    /// </summary>
    /// <exception cref="DocumentException">
    /// The server would reject the text or read it differently, or the text looks truncated.
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
