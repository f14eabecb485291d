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
internal sealed class UserDocumentReader(string text, bool keepsNullEntries)
{
    /// <summary>Levels of nesting. The server's own files have three.</summary>
    private const int MaxDepth = 64;

    /// <summary>The characters that may follow a backslash in double quotes, as the server's reader has them.</summary>
    private const string Escapes = "0abt\tnvfre \"\\N_LPxuU\r\n";

    private readonly int _start = DocumentText.StartOf(text);
    private readonly Parser _parser = new(new StringReader(text[DocumentText.StartOf(text)..]));
    private readonly List<UserEntry> _entries = [];
    private readonly List<NullEntry> _nullEntries = [];
    private ParsingEvent _current = new StreamStart();
    private readonly HashSet<string>?[] _keys = new HashSet<string>?[MaxDepth];
    private int _depth;
    private int _contentEnd;

    public UserDocument Read()
    {
        Next();
        Next();
        if (_current is StreamEnd)
            return new UserDocument(text, new NodePlace(0, null, null), null, []);
        if (_current is DocumentStart && text.AsSpan(Start(_current)) is ['%', ..])
            throw Refuse("it has a % directive", "Remove the directive; the server's own files have none.");
        Next();
        NodePlace? users = null;
        var root = ReadMappingOrNull(0, "the file's top level", key =>
        {
            if (key.Value != "users")
            {
                SkipValue();
                return;
            }

            users = ReadMappingOrNull(End(key), "users", ReadUser);
        });
        Next();
        if (_current is not DocumentEnd)
            throw Refuse("there is more after the end of the document", "Remove it.");
        Next();
        if (_current is not StreamEnd)
            throw Refuse("there is a second document after '---' or '...', which the server would not read", "Keep one document.");
        RefuseCutOff();
        return new UserDocument(text, root, users, _entries) { NullEntries = _nullEntries };
    }

    /// <summary>
    /// The server writes the file in place and failed_attempts last, so a file that ends in the middle of a user is one
    /// that is being written or was cut off. Read as it stands, the user would be disabled or without a password.
    /// </summary>
    private void RefuseCutOff()
    {
        if (_entries.Count == 0 || _entries[^1] is not { Body: { IsFlow: false } body } last || body.Span.End != _contentEnd)
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
        if (IsNull(key))
        {
            // The server drops such an entry without a word, so to us, too, it is no user.
            SkipValue();
            return;
        }

        var line = Line(key);
        var account = new UserAccount(key.Value);
        var fields = new FieldPlace[7];
        var body = ReadMappingOrNull(End(key), $"user '{VisibleText.Of(key.Value)}'", fieldKey =>
        {
            if (FieldNamed(fieldKey.Value) is { } field)
            {
                var value = ReadField(fieldKey);
                account = Assign(account, field, fieldKey, value);
                fields[(int)field] = new FieldPlace(End(fieldKey), new Span(Start(value), End(value)), value.Style);
            }
            else
            {
                SkipValue();
            }
        });
        if (body.Mapping is not { } mapping)
        {
            if (keepsNullEntries)
            {
                _nullEntries.Add(new NullEntry(key.Value, line, new Span(Start(key), Math.Max(End(key), body.Null!.Value.End))));
                return;
            }

            throw new DocumentException(
                line,
                $"user '{VisibleText.Of(key.Value)}' has nothing in it, which makes the server crash",
                "Restore the user's fields, or remove the line; Repair-PgEdgeUserFile does so.");
        }

        _entries.Add(new UserEntry(account, line, new Span(Start(key), End(key)), mapping, fields));
    }

    private Scalar ReadField(Scalar key)
    {
        NextNode();
        if (_current is not Scalar value)
            throw Refuse($"{key.Value} is not a single value", "Write it as the server does.");
        _contentEnd = End(value);
        return value;
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

    /// <summary>Reads the node that comes next: nothing, or a mapping whose keys go to <paramref name="onKey"/>, which reads their values.</summary>
    private NodePlace ReadMappingOrNull(int keyEnd, string what, Action<Scalar> onKey)
    {
        if (keyEnd > 0)
            NextNode();
        else
            CheckNode();
        switch (_current)
        {
            case Scalar scalar when IsNull(scalar):
                _contentEnd = End(scalar);
                return new NodePlace(keyEnd, new Span(Start(scalar), End(scalar)), null);
            case MappingStart start:
                var count = ReadMapping(start, onKey);
                return new NodePlace(keyEnd, null, new MappingPlace(
                    new Span(Start(start), _contentEnd), start.Style == MappingStyle.Flow, (int)start.Start.Column - 1, count));
            default:
                throw Refuse($"{what} is not a mapping of names to values", "Write it as the server does.");
        }
    }

    /// <summary>Reads a mapping's keys up to its end, which is then the current event.</summary>
    private int ReadMapping(MappingStart mapping, Action<Scalar> onKey)
    {
        var seen = Enter();
        while (true)
        {
            NextNode(endsCollection: true);
            if (_current is MappingEnd)
                break;
            if (_current is not Scalar key)
                throw Refuse("a key is not a single value", "Use plain names as keys.");
            if (key.Value == "<<" && key.Style == ScalarStyle.Plain)
                throw Refuse("there is a merge key '<<'", "Write the merged fields out.");
            if (!seen.Add(key.Value))
                throw Refuse($"the key '{VisibleText.Of(key.Value)}' stands here twice", "Remove one of the two.");
            _contentEnd = End(key);
            onKey(key);
        }

        Leave(mapping.Style == MappingStyle.Flow);
        return seen.Count;
    }

    /// <summary>Passes over a value that the server does not read, with the checks that its parser makes all the same.</summary>
    private void SkipValue()
    {
        NextNode();
        SkipNode();
    }

    private void SkipNode()
    {
        switch (_current)
        {
            case MappingStart mapping:
                ReadMapping(mapping, _ => SkipValue());
                break;
            case SequenceStart sequence:
                Enter();
                for (NextNode(endsCollection: true); _current is not SequenceEnd; NextNode(endsCollection: true))
                    SkipNode();
                Leave(sequence.Style == SequenceStyle.Flow);
                break;
            default:
                _contentEnd = End(_current);
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

    private void Leave(bool isFlow)
    {
        _depth--;
        if (isFlow)
            _contentEnd = Start(_current) + 1;
    }

    private void NextNode(bool endsCollection = false)
    {
        Next();
        if (!endsCollection || _current is NodeEvent)
            CheckNode();
    }

    private void CheckNode()
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
        if (node is Scalar { Style: ScalarStyle.DoubleQuoted } quoted)
            CheckEscapes(text.AsSpan(start, End(quoted) - start));
    }

    private void CheckEscapes(ReadOnlySpan<char> quoted)
    {
        for (var at = quoted.IndexOf('\\'); at >= 0; at = quoted.IndexOf('\\'))
        {
            var next = quoted[at + 1];
            if (!Escapes.Contains(next, StringComparison.Ordinal))
                throw Refuse($"the server's YAML has no escape '\\{VisibleText.Of(next.ToString())}'", "Write the character itself.");
            if (next == 'u' && quoted[at + 2] is 'd' or 'D' && quoted[at + 3] is (>= '8' and <= '9') or (>= 'a' and <= 'f') or (>= 'A' and <= 'F'))
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
