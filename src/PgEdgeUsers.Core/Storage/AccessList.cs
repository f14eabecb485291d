using System.Buffers.Binary;
using System.Globalization;

namespace PgEdgeUsers.Core.Storage;

/// <summary>
/// Who may access a file on Linux: its owner, and others according to the mode or a POSIX access list. With an access
/// list, the group bits of the mode are its mask.
/// </summary>
internal sealed class AccessList
{
    public const int MayRead = 4;
    public const int MaySearch = 1;

    private const int HeaderBytes = 4;
    private const int EntryBytes = 8;

    private readonly List<Entry> _entries;
    private readonly FileStatus _status;

    private AccessList(FileStatus status, List<Entry> entries)
    {
        _status = status;
        _entries = entries;
    }

    private enum Tag
    {
        User = 2,
        OwningGroup = 4,
        Group = 8,
        Mask = 16,
        Other = 32,
    }

    /// <summary>Everyone except the owner who can read the file, described in words.</summary>
    public IReadOnlyList<string> OtherReaders =>
        [.. _entries.Where(entry => Grants(entry, MayRead)).Select(Describe).OfType<string>()];

    /// <summary>
    /// The access list of a file or folder. If it has none or it cannot be read, the list is derived from the mode.
    /// </summary>
    public static AccessList Of(string path, FileStatus status)
    {
        var entries = Parse(ValueOf(path));
        if (entries.Count == 0)
        {
            entries.Add(new Entry(Tag.OwningGroup, ((int)status.Mode >> 3) & 7, 0));
            entries.Add(new Entry(Tag.Other, (int)status.Mode & 7, 0));
        }

        return new AccessList(status, entries);
    }

    /// <summary>Whether the system grants an account a right on the file.</summary>
    /// <param name="user">The account.</param>
    /// <param name="groups">All its groups.</param>
    /// <param name="right">The right that is needed.</param>
    public bool Allows(uint user, IReadOnlyCollection<uint> groups, int right)
    {
        if (user == 0)
            return true;
        if (user == _status.User)
            return (((int)_status.Mode >> 6) & right) != 0;
        if (_entries.Find(entry => entry.Tag == Tag.User && entry.Number == user) is { } own)
            return Grants(own, right);
        var groupEntries = _entries.FindAll(entry => AppliesTo(entry, groups));
        return groupEntries.Count > 0
            ? groupEntries.Exists(entry => Grants(entry, right))
            : _entries.Exists(entry => entry.Tag == Tag.Other && Grants(entry, right));
    }

    private bool AppliesTo(Entry entry, IReadOnlyCollection<uint> groups) => entry.Tag switch
    {
        Tag.OwningGroup => groups.Contains(_status.Group),
        Tag.Group => groups.Contains(entry.Number),
        _ => false,
    };

    /// <summary>The mask limits every entry except the one for others.</summary>
    private bool Grants(Entry entry, int right)
    {
        var mask = entry.Tag == Tag.Other ? null : _entries.Find(other => other.Tag == Tag.Mask);
        return (entry.Rights & (mask?.Rights ?? right) & right) != 0;
    }

    private string? Describe(Entry entry) => entry.Tag switch
    {
        Tag.User => "user " + (Posix.UserName(entry.Number) ?? Text(entry.Number)),
        Tag.Group => "group " + (Posix.GroupName(entry.Number) ?? Text(entry.Number)),
        Tag.OwningGroup => "group " + (Posix.GroupName(_status.Group) ?? Text(_status.Group)),
        Tag.Other => "all other accounts",
        _ => null,
    };

    private static string Text(uint number) => number.ToString(CultureInfo.InvariantCulture);

    private static byte[]? ValueOf(string path)
    {
        try
        {
            using var file = FileContent.Open(path);
            return file is null ? null : ExtendedAttributes.Value(file, ExtendedAttributes.AccessList);
        }
        catch (Exception e) when (StorageException.IsOfSystem(e))
        {
            return null;
        }
    }

    /// <summary>Parses the kernel's format: a version, followed by the tag, rights and number of each entry.</summary>
    private static List<Entry> Parse(byte[]? value)
    {
        var entries = new List<Entry>();
        for (var at = HeaderBytes; value is not null && at + EntryBytes <= value.Length; at += EntryBytes)
        {
            var entry = value.AsSpan(at, EntryBytes);
            entries.Add(new Entry(
                (Tag)BinaryPrimitives.ReadUInt16LittleEndian(entry),
                BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[4..])));
        }

        return entries;
    }

    private sealed record Entry(Tag Tag, int Rights, uint Number);
}
