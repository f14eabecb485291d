using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Document;

namespace PgEdgeUsers.Core.Files;

/// <summary>What a user file held at one moment.</summary>
public sealed class UserFileSnapshot
{
    private IReadOnlyList<UserAccount>? _users;

    internal UserFileSnapshot(FileFacts? facts, byte[] bytes, UserDocument document)
    {
        Facts = facts;
        Bytes = bytes;
        Document = document;
    }

    /// <summary>Whether the file was there.</summary>
    public bool Exists => Facts is not null;

    /// <summary>The users in the order of the file.</summary>
    public IReadOnlyList<UserAccount> Users => _users ??= [.. Document.Entries.Select(e => e.Account)];

    /// <summary>Whether group or others may read or change the file, which holds password hashes.</summary>
    public bool HasWideMode => Facts is { IsWide: true };

    /// <summary>The file's mode as four octal digits; empty when there is no file.</summary>
    public string ModeText => Facts is null ? "" : Convert.ToString((int)Facts.Mode, 8).PadLeft(4, '0');

    /// <summary>The user of exactly this name, or null.</summary>
    public UserAccount? Find(string name) => Document.Find(name)?.Account;

    /// <summary>A way to try changes on this state before they are made.</summary>
    public ChangeSet Preview() => new(Document);

    internal FileFacts? Facts { get; }

    internal byte[] Bytes { get; }

    internal UserDocument Document { get; }
}
