using System.Buffers;
using System.Globalization;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Reads users line by line, many times faster than a YAML parser: <c>users:</c>, names below it, fields below each name, all in
/// block style, with values of which there can be no two opinions, and comments. So the server writes and most tools do.
/// A user who has anything else is left to <see cref="UserDocumentReader"/>, and so is a whole text that has; with it this
/// reader agrees on the rest.
/// </summary>
internal sealed class UserLinesReader
{
    private const string Header = "users:\n";

    /// <summary>How many users may be left to the parser: above that, it is quicker with the whole text.</summary>
    private const int MaxParsed = 100;

    /// <summary>And one more for so many others.</summary>
    private const int OthersForEachParsed = 8;

    private static readonly SearchValues<char> OtherLineBreaks = SearchValues.Create("\r\u0085\u2028\u2029");

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>What a plain value may hold here. No colon and no number sign, which can end it; no character that some reader may take for a line's end.</summary>
    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _./@()+-'$%=;&,!?*<>|^~\"\\[]{}");

    /// <summary>What a quoted value may hold here. No quotes and no backslash.</summary>
    private static readonly SearchValues<char> QuotedCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _./@()+-$%=;&,!?*<>|^~[]{}:#`");

    private readonly string _text;
    private readonly UserEntries _entries;
    private int _at;
    private int _line;
    private int _lineStart;
    private int _column;
    private int _parsed;

    private UserLinesReader(string text)
    {
        _text = text;
        _entries = new UserEntries(text);
    }

    /// <summary>Reads the text, or gives null where that takes the YAML parser.</summary>
    public static UserDocument? TryRead(string text) => new UserLinesReader(text).Read();

    private UserDocument? Read()
    {
        NextColumn();
        var users = _at;
        if (TakeLine() is not "users:")
            return null;
        _column = NextColumn();
        if (_column < 1)
            return null;
        while (NextColumn() == _column)
        {
            var (at, line) = (_at, _line);
            if ((ReadUser() ?? ReadUserByParser(at, line)) is not { } entry || !_entries.TryAdd(entry))
                return null;
        }

        if (_at < _text.Length || _entries.InOrder is not [.., { Body: var last } end] || (!last.IsFlow && end[Field.FailedAttempts].IsMissing))
            return null;
        return new UserDocument(
            _text,
            new NodePlace(0, null, new MappingPlace(new Span(users, last.Span.End), IsFlow: false, Column: 0, Count: 1)),
            new NodePlace(users + "users".Length, null, new MappingPlace(new Span(_entries.InOrder[0].Key.Start, last.Span.End), IsFlow: false, _column, _entries.InOrder.Count)),
            _entries);
    }

    private UserEntry? ReadUser()
    {
        var line = TakeLine();
        if (line is not [.., ':'] || line.Length - _column > UserDocumentReader.MaxKeyLength || ReadText(line[_column..^1]) is not { } name)
            return null;
        var number = _line;
        var key = new Span(_lineStart + _column, _at - 2);
        var values = new Values(name);
        var fields = new FieldPlace[FieldText.All.Count];
        var column = NextColumn();
        var start = _at + column;
        var (end, count) = (0, 0);
        for (var next = column; next > _column; next = NextColumn(), count++)
        {
            line = TakeLine();
            var colon = line.IndexOf(':');
            if (next != column || colon < 0 || FieldText.Named(line[column..colon]) is not { } field || !fields[(int)field].IsMissing)
                return null;
            var blanks = line[(colon + 1)..].IndexOfAnyExcept(' ');
            if (blanks < 1)
                return null;
            var value = WithoutComment(line[(colon + 1 + blanks)..]);
            if (!values.TryTake(field, value))
                return null;
            var at = _lineStart + colon + 1 + blanks;
            end = at + value.Length;
            fields[(int)field] = new FieldPlace(_lineStart + colon, new Span(at, end), IsBlock: false);
        }

        return count == 0 ? null : new UserEntry(values.Account, number, key, new MappingPlace(new Span(start, end), IsFlow: false, column, count), fields);
    }

    /// <summary>
    /// Reads the lines of one user with the YAML parser. Where it takes them for a whole user, nothing in them is open to what follows,
    /// and the next user begins as it would after any other.
    /// </summary>
    private UserEntry? ReadUserByParser(int start, int line)
    {
        if (++_parsed > MaxParsed + (_entries.InOrder.Count / OthersForEachParsed))
            return null;
        // To the parser it would go with braces that end before it.
        if (_text[start + _column] == ':')
            return null;
        (_at, _line) = (start, line);
        do
            TakeLine();
        while (NextColumn() > _column);

        var lines = _text[start.._at];
        if (lines.AsSpan().ContainsAny(OtherLineBreaks))
            return null;
        try
        {
            var document = new UserDocumentReader(Header + lines, keepsNullEntries: false).Read();
            return document is { Root.Mapping.Count: 1, Users.Mapping: { IsFlow: false, Count: 1 }, Entries: [var entry] }
                ? entry.Moved(start - Header.Length, line - 1)
                : null;
        }
        catch (DocumentException)
        {
            return null;
        }
    }

    private static bool IsCount(ReadOnlySpan<char> value) =>
        value.Length <= 9 && !value.ContainsAnyExceptInRange('0', '9') && (value.Length == 1 || value[0] != '0');

    private static string? ReadText(ReadOnlySpan<char> value)
    {
        if (value is ['"' or '\'', .., _] && value.Length > 1 && value[^1] == value[0])
        {
            var inner = value[1..^1];
            return HasOnly(QuotedCharacters, inner) ? inner.ToString() : null;
        }

        return IsPlain(value) ? value.ToString() : null;
    }

    private static bool IsPlain(ReadOnlySpan<char> value) =>
        value.Length > 0 && (Letters.Contains(value[0]) || value[0] is '$' or '/' || IsForeign(value[0])) && value[^1] != ' ' && HasOnly(PlainCharacters, value)
        && value is not ("null" or "Null" or "NULL");

    private static bool HasOnly(SearchValues<char> allowed, ReadOnlySpan<char> value)
    {
        for (var at = value.IndexOfAnyExcept(allowed); at >= 0; at = value.IndexOfAnyExcept(allowed))
        {
            if (!IsForeign(value[at]))
                return false;
            value = value[(at + 1)..];
        }

        return true;
    }

    /// <summary>Whether a character is none that YAML gives a meaning: beyond Latin-1's controls and no-break space, before surrogates, no line's end.</summary>
    private static bool IsForeign(char c) => c is > '\u00A0' and < '\uD800' and not ('\u2028' or '\u2029');

    /// <summary>A value without the blanks and the comment behind it.</summary>
    private static ReadOnlySpan<char> WithoutComment(ReadOnlySpan<char> value)
    {
        value = value.TrimEnd(' ');
        if (!value.Contains('#'))
            return value;
        var end = value[0] is '"' or '\'' ? value[1..].IndexOf(value[0]) + 2 : value.IndexOf(" #");
        if (end < 0)
            return value;
        var rest = value[end..];
        var behind = rest.TrimStart(' ');
        return rest is [' ', ..] && behind[0] == '#' && !behind.ContainsAny(OtherLineBreaks) ? value[..end].TrimEnd(' ') : value;
    }

    /// <summary>Passes over lines that are blank or nothing but a comment, and gives the column where the next begins; -1 at the text's end.</summary>
    private int NextColumn()
    {
        while (_at < _text.Length)
        {
            var rest = _text.AsSpan(_at);
            var column = rest.IndexOfAnyExcept(' ');
            if (column < 0 || rest[column] is not ('#' or '\n'))
                return column < 0 ? 0 : column;
            var length = rest.IndexOf('\n');
            // What may end a line to some readers ends a comment.
            if (length < 0 || rest[..length].ContainsAny(OtherLineBreaks))
                return column;
            _at += length + 1;
            _line++;
        }

        return -1;
    }

    /// <summary>The next line without its end; nothing where the text ends without one.</summary>
    private ReadOnlySpan<char> TakeLine()
    {
        _lineStart = _at;
        var rest = _text.AsSpan(_at);
        var length = rest.IndexOf('\n');
        _at += length < 0 ? rest.Length : length + 1;
        _line++;
        return length < 0 ? default : rest[..length];
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
