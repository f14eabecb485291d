using System.Globalization;
using PgEdgeUsers.Core.Accounts;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PgEdgeUsers.Core.Document;

/// <summary>
/// Walks the parser's events and takes from them what the server takes: values by its rules, and the place of each in the text.
/// What the server refuses is refused, and so is what two YAML readers could take in two ways: anchors, aliases,
/// merge keys, tags, directives, further documents.
/// </summary>
internal sealed class UserDocumentReader(string text)
{
    /// <summary>Levels of nesting. The server's own files have three.</summary>
    private const int MaxDepth = 64;

    /// <summary>Blanks before a block's text: the parser looks ahead at them, and where they are more than its buffer takes, it mixes up the text.</summary>
    private const int MaxIndent = 1000;

    /// <summary>The longest key, quotes and colon among it, as the server's parser has it.</summary>
    private const int MaxKeyLength = 1024;

    /// <summary>The characters that may follow a backslash in double quotes, as the server's reader has them.</summary>
    private const string Escapes = "0abt\tnvfre \"\\N_LPxuU\r\n";

    private readonly int _start = DocumentText.StartOf(text);
    private readonly Parser _parser = new(new StringReader(text[DocumentText.StartOf(text)..]));
    private readonly TextBetween _between = new(text);
    private readonly List<UserEntry> _entries = [];
    private readonly HashSet<string>?[] _keys = new HashSet<string>?[MaxDepth];
    private ParsingEvent _current = new StreamStart();
    private Span _place;
    private bool _isExplicitKey;
    private int _depth;

    public UserDocument Read()
    {
        Next();
        Next();
        NodePlace root = new(0, null, null);
        NodePlace? users = null;
        if (_current is DocumentStart start)
        {
            if (!start.IsImplicit)
                PassMark("---");
            Next();
            TakeNode();
            root = ReadMappingOrNull(0, "the file's top level", key =>
            {
                if (key.Value == "users")
                    users = ReadMappingOrNull(TakeValue(key), "users", ReadUser);
                else
                    SkipValue(key);
            });
            Next();
            RefuseCutOff();
            if (_current is not DocumentEnd end)
                throw Refuse("there is more after the end of the document", "Remove it.");
            if (!end.IsImplicit)
                PassMark("...");
            Next();
        }

        if (_current is not StreamEnd)
            throw Refuse("there is a second document after '---' or '...', which the server would not read", "Keep one document.");
        _between.Pass(text.Length, text.Length);
        return new UserDocument(text, root, users, _entries);
    }

    private void PassMark(string mark)
    {
        var at = Start(_current);
        if (!text.AsSpan(at).StartsWith(mark, StringComparison.Ordinal))
            throw Refuse("it has a % directive", "Remove the directive; the server's own files have none.");
        _between.Pass(at, at + mark.Length);
    }

    /// <summary>
    /// The server writes the file in place and failed_attempts last, so a file that ends in the middle of a user is one
    /// that is being written or was cut off. Read as it stands, the user would be disabled or without a password.
    /// </summary>
    private void RefuseCutOff()
    {
        if (_entries.Count == 0 || _entries[^1] is not { Body: { IsFlow: false } body } last || body.Span.End != _between.End)
            return;
        var attempts = last[Field.FailedAttempts];
        if (attempts.IsMissing || (attempts.Value.IsEmpty && text.AsSpan(attempts.Value.End).IndexOf('\n') < 0))
        {
            throw new DocumentException(
                last.Line,
                $"the last user, '{VisibleText.Of(last.Account.Name)}', ends before failed_attempts: the file looks cut off, or is being written",
                "Restore it from a copy; or, if the user is complete, add the line 'failed_attempts: 0'.");
        }
    }

    private void ReadUser(Scalar key)
    {
        var name = _place;
        if (IsNull(key))
        {
            // The server drops such an entry without a word, so to us, too, it is no user.
            SkipValue(key);
            return;
        }

        var account = new UserAccount(key.Value);
        var fields = new FieldPlace[7];
        var body = ReadMappingOrNull(TakeValue(key), $"user '{VisibleText.Of(key.Value)}'", fieldKey =>
        {
            if (FieldNamed(fieldKey.Value) is { } field)
            {
                var keyEnd = TakeValue(fieldKey);
                if (_current is not Scalar value)
                    throw Refuse($"{fieldKey.Value} is not a single value", "Write it as the server does.");
                account = Assign(account, field, fieldKey, value);
                fields[(int)field] = new FieldPlace(keyEnd, _place, value.Style);
            }
            else
            {
                SkipValue(fieldKey);
            }
        });
        if (body.Mapping is not { } mapping)
        {
            throw new DocumentException(
                Line(key),
                $"user '{VisibleText.Of(key.Value)}' has nothing in it, which makes the server crash",
                "Remove the line, or restore the user's fields.");
        }

        _entries.Add(new UserEntry(account, Line(key), name, mapping, fields));
    }

    private static UserAccount Assign(UserAccount account, Field field, Scalar key, Scalar scalar)
    {
        if (IsNull(scalar))
            return account;
        var value = scalar.Value;
        var plain = scalar.Style == ScalarStyle.Plain;
        switch (field)
        {
            case Field.Username:
                return account with { DisplayName = value };
            case Field.PasswordHash:
                return account with { PasswordHash = value };
            case Field.Annotation:
                return account with { Annotation = value };
            case Field.Enabled when ServerValues.TryBoolean(value, plain, out var enabled):
                return account with { Enabled = enabled };
            case Field.FailedAttempts when ServerValues.TryCount(value, plain, out var count):
                return account with { FailedAttempts = count };
            case Field.CreatedAt when ServerValues.TryTime(value, plain, out var created):
                return account with { CreatedAt = created == DateTime.MinValue ? null : created };
            case Field.LastLogin when ServerValues.TryTime(value, plain, out var login):
                return account with { LastLogin = login };
            case Field.Enabled:
                throw RefuseField(key, account, "is neither true nor false", "Write true or false, without quotes.");
            case Field.FailedAttempts:
                throw RefuseField(key, account, "is not a decimal number", "Write a number such as 0, without quotes.");
            default:
                throw RefuseField(key, account, "is not a time that the server can read", "Write it as 2025-12-23T15:26:41Z, or null.");
        }
    }

    /// <summary>Reads the current node: nothing, or a mapping whose keys go to <paramref name="onKey"/>, which takes their values.</summary>
    private NodePlace ReadMappingOrNull(int keyEnd, string what, Action<Scalar> onKey)
    {
        switch (_current)
        {
            case Scalar scalar when IsNull(scalar):
                return new NodePlace(keyEnd, _place, null);
            case MappingStart start:
                var place = _place.Start;
                var count = ReadMapping(start.Style == MappingStyle.Flow, onKey);
                return new NodePlace(keyEnd, null, new MappingPlace(
                    new Span(place, _between.End), start.Style == MappingStyle.Flow, (int)start.Start.Column - 1, count));
            default:
                throw Refuse($"{what} is not a mapping of names to values", "Write it as the server does.");
        }
    }

    /// <summary>Reads a mapping's keys up to its end, which is then the current event.</summary>
    private int ReadMapping(bool isFlow, Action<Scalar> onKey)
    {
        var seen = Enter();
        while (TakeItem(isFlow, isFirst: seen.Count == 0, isKey: true))
        {
            if (_current is not Scalar { Value: var name } key || _place.IsEmpty)
                throw Refuse("a key is not a single value", "Use plain names as keys.");
            if (name == "<<" && key.Style == ScalarStyle.Plain)
                throw Refuse("there is a merge key '<<'", "Write the merged fields out.");
            if (!seen.Add(name))
                throw Refuse($"the key '{VisibleText.Of(name)}' stands here twice", "Remove one of the two.");
            onKey(key);
        }

        _depth--;
        return seen.Count;
    }

    /// <summary>Passes over a value that the server does not read, with the checks that its parser makes all the same.</summary>
    private void SkipValue(Scalar key)
    {
        TakeValue(key);
        SkipNode();
    }

    private void SkipNode()
    {
        switch (_current)
        {
            case MappingStart mapping:
                ReadMapping(mapping.Style == MappingStyle.Flow, SkipValue);
                break;
            case SequenceStart sequence:
                Enter();
                for (var isFirst = true; TakeItem(sequence.Style == SequenceStyle.Flow, isFirst, isKey: false); isFirst = false)
                    SkipNode();
                _depth--;
                break;
        }
    }

    /// <summary>Goes one level deeper and gives that level's set of keys, empty; each level has one and uses it again.</summary>
    private HashSet<string> Enter()
    {
        if (_depth == MaxDepth)
            throw Refuse($"it is nested more than {MaxDepth} levels deep", "Remove the nested content.");
        var keys = _keys[_depth++] ??= new HashSet<string>(StringComparer.Ordinal);
        keys.Clear();
        return keys;
    }

    /// <summary>Takes the next key of a mapping or item of a list; at the end of it gives false and leaves it.</summary>
    private bool TakeItem(bool isFlow, bool isFirst, bool isKey)
    {
        Next();
        var hasComma = isFlow && !isFirst && _between.TryPass(',');
        if (_current is MappingEnd or SequenceEnd)
        {
            if (isFlow)
                _between.Close(Start(_current));
            return false;
        }

        if (isFlow && !isFirst && !hasComma)
            throw Refuse("a ',' is missing", "Write the place as the server does.");
        if (!isFlow && !isKey)
            _between.Pass('-');
        _isExplicitKey = isKey && _between.TryPass('?');
        TakeNode();
        return true;
    }

    /// <summary>Takes the value of the current key, and says where the key ends.</summary>
    private int TakeValue(Scalar key)
    {
        var (place, isExplicit) = (_place, _isExplicitKey);
        Next();
        if (!_between.TryPass(':'))
        {
            if (_current is not Scalar { Value: "", Style: ScalarStyle.Plain })
                throw Refuse($"the key '{VisibleText.Of(key.Value)}' has no ':' behind it", "Write the place as the server does.");
        }
        else if (!isExplicit && (_between.End - place.Start > MaxKeyLength || !_between.IsOneLine(place.Start, _between.End)))
        {
            throw Refuse("a key is too long or goes over more than one line", "Write the place as the server does.");
        }

        TakeNode();
        return place.End;
    }

    private void TakeNode()
    {
        if (_current is AnchorAlias)
            throw Refuse("there is an alias '*'", "Write the value out.");
        if (_current is not NodeEvent node)
            throw Refuse("a value is missing", "Write it as the server does.");
        if (!node.Anchor.IsEmpty)
            throw Refuse("there is an anchor '&'", "Remove the anchor and write the values out.");
        var start = Start(node);
        if (start < text.Length && text[start] == '!')
            throw Refuse("there is a tag '!'", "Remove the tag.");
        switch (node)
        {
            case Scalar { Value: "", Style: ScalarStyle.Plain }:
                // The parser's own place for what is not there can be lines below.
                _place = new Span(_between.End, _between.End);
                break;
            case Scalar scalar:
                _place = new Span(start, End(scalar));
                CheckScalar(scalar);
                _between.Pass(_place.Start, _place.End);
                break;
            case MappingStart { Style: MappingStyle.Flow } or SequenceStart { Style: SequenceStyle.Flow }:
                if (text[start] is not ('{' or '['))
                    throw Refuse("a pair stands in a list without braces", "Put braces around it.");
                _place = new Span(start, start + 1);
                _between.Open(start);
                break;
            default:
                _place = new Span(start, start);
                _between.Pass(start, start);
                break;
        }
    }

    private void CheckScalar(Scalar scalar)
    {
        var written = text.AsSpan(_place.Start, _place.End - _place.Start);
        if (scalar.Style == ScalarStyle.DoubleQuoted)
            CheckEscapes(written);
        else if (scalar.Style == ScalarStyle.Plain && !IsPlain(written))
            throw Refuse($"the value '{VisibleText.Of(scalar.Value)}' must stand in quotes", "Quote it.");
        else if (scalar.Style == ScalarStyle.Literal && FirstIndent(written) > MaxIndent)
            throw Refuse($"a text begins with more than {MaxIndent} blanks", "Write it in quotes.");
    }

    private static int FirstIndent(ReadOnlySpan<char> block)
    {
        var lines = block[(block.IndexOfAny(DocumentText.LineBreaks) + 1)..];
        return lines.Length - lines.TrimStart(' ').Length;
    }

    /// <summary>Whether the server's parser, too, takes the text for one plain scalar: it sees the end of one, and what cannot begin one, in more places.</summary>
    private bool IsPlain(ReadOnlySpan<char> written)
    {
        if (",[]{}#&*!|>'\"%@`".Contains(written[0], StringComparison.Ordinal))
            return false;
        if (_between.IsFlow && (written[0] == ':' || written.Contains('?') || (text.AsSpan(_place.End) is [':', var next, ..] && !char.IsWhiteSpace(next))))
            return false;
        for (var colon = written.IndexOf(':'); colon >= 0 && colon + 1 < written.Length; colon = written.IndexOf(':'))
        {
            written = written[(colon + 1)..];
            if (char.IsWhiteSpace(written[0]))
                return false;
        }

        return true;
    }

    private void CheckEscapes(ReadOnlySpan<char> quoted)
    {
        for (var at = quoted.IndexOf('\\'); at >= 0; at = quoted.IndexOf('\\'))
        {
            var next = quoted[at + 1];
            if (!Escapes.Contains(next, StringComparison.Ordinal))
                throw Refuse($"the server's YAML has no escape '\\{VisibleText.Of(next.ToString())}'", "Write the character itself.");
            var digits = next switch { 'u' => quoted.Slice(at + 2, 4), 'U' => quoted.Slice(at + 6, 4), _ => [] };
            if (digits is ['d' or 'D', (>= '8' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F'), ..])
                throw Refuse("a character is written as a surrogate pair, which the server refuses", "Write the character itself.");
            quoted = quoted[(at + 2)..];
        }
    }

    private void Next()
    {
        try
        {
            if (!_parser.MoveNext())
                throw Refuse("it ends too early", "Restore the file from a copy.");
        }
        catch (YamlException e)
        {
            throw new DocumentException((int)e.Start.Line, Sentence(e), "Correct the line, or restore the file from a copy.");
        }
        catch (Exception e) when (e is not (DocumentException or OutOfMemoryException))
        {
            // The parser's own slips on hostile text: to the caller they are what they are, unreadable YAML.
            throw Refuse("it is not YAML", "Restore the file from a copy.");
        }

        _current = _parser.Current!;
    }

    private static string Sentence(YamlException e)
    {
        var message = e.Message.TrimEnd('.');
        return "it is not YAML: " + char.ToLower(message[0], CultureInfo.InvariantCulture) + message[1..];
    }

    private DocumentException Refuse(string reason, string remedy) => new((int)_current.Start.Line, reason, remedy);

    private static DocumentException RefuseField(Scalar key, UserAccount account, string reason, string remedy) =>
        new((int)key.Start.Line, $"{key.Value} of user '{VisibleText.Of(account.Name)}' {reason}", remedy);

    private static Field? FieldNamed(string key) => key switch
    {
        "username" => Field.Username,
        "password_hash" => Field.PasswordHash,
        "created_at" => Field.CreatedAt,
        "last_login" => Field.LastLogin,
        "enabled" => Field.Enabled,
        "annotation" => Field.Annotation,
        "failed_attempts" => Field.FailedAttempts,
        _ => null,
    };

    private static bool IsNull(Scalar scalar) => scalar.Style == ScalarStyle.Plain && ServerValues.IsNull(scalar.Value);

    private static int Line(ParsingEvent e) => (int)e.Start.Line;

    private int Start(ParsingEvent e) => (int)e.Start.Index + _start;

    private int End(ParsingEvent e) => (int)e.End.Index + _start;
}
