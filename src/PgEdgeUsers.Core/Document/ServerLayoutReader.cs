using System.Buffers;
using System.Globalization;
using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.Document;

/// <summary>
/// Reads the layout that the server writes, line by line, many times faster than a YAML parser: <c>users:</c>, four and eight
/// spaces, the seven fields in their order, values of which there can be no two opinions, and lines that are nothing but comments
/// or blank, which the server does not write but people do. It gives up at anything else,
/// be it right or wrong, and leaves the whole text to <see cref="UserDocumentReader"/>, with which it agrees on the rest.
/// </summary>
internal sealed class ServerLayoutReader
{
    private static readonly SearchValues<char> OtherLineBreaks = SearchValues.Create("\r\u0085\u2028\u2029");

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>What a plain value may hold here. No colon and no number sign, which can end it; no character that some reader may take for a line's end.</summary>
    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _./@()+-'$%=;&,!?*<>|^~\"\\[]{}");

    /// <summary>What a quoted value may hold here. No quotes and no backslash.</summary>
    private static readonly SearchValues<char> QuotedCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _./@()+-$%=;&,!?*<>|^~[]{}:#`");

    private readonly string _text;
    private readonly List<UserEntry> _entries = [];
    private int _at;
    private int _line;
    private int _lineStart;

    private ServerLayoutReader(string text) => _text = text;

    /// <summary>Reads the text, or gives null where it is not in the server's layout.</summary>
    public static UserDocument? TryRead(string text) => new ServerLayoutReader(text).Read();

    private UserDocument? Read()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (TakeLine() is not "users:")
            return null;
        var users = _lineStart;
        while (PassOver() < _text.Length)
        {
            if (ReadUser() is not { } entry || !names.Add(entry.Account.Name))
                return null;
            _entries.Add(entry);
        }

        if (_entries.Count == 0)
            return null;
        var end = _entries[^1].Body.Span.End;
        return new UserDocument(
            _text,
            new NodePlace(0, null, new MappingPlace(new Span(users, end), IsFlow: false, Column: 0, Count: 1)),
            new NodePlace(users + "users".Length, null, new MappingPlace(new Span(_entries[0].Key.Start, end), IsFlow: false, Column: 4, _entries.Count)),
            _entries);
    }

    private UserEntry? ReadUser()
    {
        var line = TakeLine();
        if (!line.StartsWith("    ", StringComparison.Ordinal) || line is not [.., ':'] || line.Length - 4 > UserDocumentReader.MaxKeyLength)
            return null;
        var start = _lineStart + 4;
        if (ReadText(line[4..^1]) is not { } name)
            return null;
        var number = _line;
        var values = new Values(name);
        var fields = new FieldPlace[7];
        var body = 0;
        for (var field = Field.Username; field <= Field.FailedAttempts; field++)
        {
            line = TakeLine();
            if (field == Field.Username)
                body = _lineStart + 8;
            var key = FieldText.Key(field);
            var valueAt = 8 + key.Length + 2;
            if (line.Length <= valueAt || !line.StartsWith("        ", StringComparison.Ordinal) || !line[8..].StartsWith(key, StringComparison.Ordinal)
                || line[valueAt - 2] != ':' || line[valueAt - 1] != ' ')
            {
                return null;
            }

            var value = line[valueAt..];
            if (!values.TryTake(field, value))
                return null;
            var end = _at - 1;
            fields[(int)field] = new FieldPlace(end - value.Length - 2, new Span(end - value.Length, end), IsBlock: false);
        }

        return new UserEntry(values.Account, number, new Span(start, start + LengthOfKey(start)), new MappingPlace(new Span(body, _at - 1), IsFlow: false, Column: 8, Count: 7), fields);
    }

    private static bool IsCount(ReadOnlySpan<char> value) =>
        value.Length <= 9 && !value.ContainsAnyExceptInRange('0', '9') && (value.Length == 1 || value[0] != '0');

    private static string? ReadText(ReadOnlySpan<char> value)
    {
        if (value is ['"' or '\'', .., _] && value.Length > 1 && value[^1] == value[0])
        {
            var inner = value[1..^1];
            return inner.ContainsAnyExcept(QuotedCharacters) ? null : inner.ToString();
        }

        return IsPlain(value) ? value.ToString() : null;
    }

    private static bool IsPlain(ReadOnlySpan<char> value) =>
        value.Length > 0 && (Letters.Contains(value[0]) || value[0] is '$' or '/') && value[^1] != ' ' && !value.ContainsAnyExcept(PlainCharacters)
        && value is not ("null" or "Null" or "NULL");

    private int LengthOfKey(int start) => _text.IndexOf('\n', start) - 1 - start;

    /// <summary>The next line that says something, without its end; nothing where the text ends without one.</summary>
    private ReadOnlySpan<char> TakeLine()
    {
        _lineStart = PassOver();
        var rest = _text.AsSpan(_at);
        var length = rest.IndexOf('\n');
        if (length < 0)
            return default;
        _at += length + 1;
        _line++;
        return rest[..length];
    }

    /// <summary>Passes over lines that are blank or nothing but a comment, and gives where the next begins.</summary>
    private int PassOver()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '#' or '\n')
        {
            var rest = _text.AsSpan(_at);
            var first = rest.IndexOfAnyExcept(' ');
            if (first < 0 || rest[first] is not ('#' or '\n'))
                break;
            var length = rest.IndexOf('\n');
            // What may end a line to some readers ends a comment.
            if (length < 0 || rest[..length].ContainsAny(OtherLineBreaks))
                break;
            _at += length + 1;
            _line++;
        }

        return _at;
    }

    /// <summary>The values of one user, gathered so that one account is made of them.</summary>
    private struct Values(string name)
    {
        private string _shown = "";
        private string _hash = "";
        private DateTime _created;
        private DateTime? _login;
        private bool _isEnabled;
        private string _note = "";
        private int _attempts;

        public readonly UserAccount Account => new(name)
        {
            DisplayName = _shown,
            PasswordHash = _hash,
            CreatedAt = _created.Ticks > 0 ? _created : null,
            LastLogin = _login,
            Enabled = _isEnabled,
            Annotation = _note,
            FailedAttempts = _attempts,
        };

        /// <summary>Takes one more value, by the server's rules; false at one that is not as the server writes it.</summary>
        public bool TryTake(Field field, ReadOnlySpan<char> value)
        {
            switch (field)
            {
                case Field.Username:
                    // Mostly the same text as the key, which need not be kept twice.
                    return (_shown = value.SequenceEqual(name) && IsPlain(value) ? name : ReadText(value)!) is not null;
                case Field.PasswordHash:
                    return (_hash = ReadText(value)!) is not null;
                case Field.CreatedAt:
                    return ServerValues.TryTime(value, plain: true, out _created);
                case Field.LastLogin when value is "null":
                    return true;
                case Field.LastLogin when ServerValues.TryTime(value, plain: true, out var login):
                    _login = login;
                    return true;
                case Field.Enabled:
                    _isEnabled = value is "true";
                    return value is "true" or "false";
                case Field.Annotation:
                    return (_note = ReadText(value)!) is not null;
                case Field.FailedAttempts when IsCount(value):
                    _attempts = int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
                    return true;
                default:
                    return false;
            }
        }
    }
}
