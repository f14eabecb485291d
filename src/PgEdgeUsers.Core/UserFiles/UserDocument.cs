using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>A user file's text with all that the server would read in it, and where.</summary>
internal sealed class UserDocument
{
    private readonly UserEntries _entries;

    public UserDocument(string text, NodePlace root, NodePlace? users, UserEntries entries)
    {
        Text = text;
        Root = root;
        Users = users;
        _entries = entries;
    }

    /// <summary>A file that is not there yet.</summary>
    public static UserDocument Empty { get; } = new("", new NodePlace(0, null, null), null, new UserEntries(""));

    public string Text { get; }

    /// <summary>The whole document.</summary>
    public NodePlace Root { get; }

    /// <summary>The value of the top-level key <c>users</c>; null when there is no such key.</summary>
    public NodePlace? Users { get; }

    /// <summary>The users in the order of the text.</summary>
    public IReadOnlyList<UserEntry> Entries => _entries.InOrder;

    /// <summary>The line break that the text uses, taken from its first.</summary>
    public string LineBreak
    {
        get
        {
            var first = Text.IndexOf('\n', StringComparison.Ordinal);
            return first > 0 && Text[first - 1] == '\r' ? "\r\n" : "\n";
        }
    }

    /// <summary>Users with nothing in them, which only a tolerant reading gives: where their keys begin and their values end.</summary>
    public IReadOnlyList<NullEntry> NullEntries { get; init; } = [];

    public UserEntry? Find(string name) => _entries.Find(name);

    /// <summary>Which is the last of the users but some; -1 where none is left.</summary>
    /// <param name="removed">The places of those in <see cref="Entries"/>, in order.</param>
    public int LastBut(List<int> removed)
    {
        var last = Entries.Count - 1;
        for (var i = removed.Count - 1; i >= 0 && removed[i] == last; i--)
            last--;
        return last;
    }

    /// <summary>Reads a text by the server's rules.</summary>
    /// <exception cref="DocumentException">The server would refuse the text or read it otherwise, or it is cut off.</exception>
    public static UserDocument Parse(string text) => UserLinesReader.TryRead(text) ?? new UserDocumentReader(text, keepsNullEntries: false).Read();

    /// <summary>Reads a text by the server's rules, and lists users with nothing in them instead of refusing them.</summary>
    public static UserDocument ParseWithNullEntries(string text) => new UserDocumentReader(text, keepsNullEntries: true).Read();
}
