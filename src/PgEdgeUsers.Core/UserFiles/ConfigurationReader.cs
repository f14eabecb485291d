using System.Globalization;
using System.Text;
using PgEdgeUsers.Core.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PgEdgeUsers.Core.UserFiles;

/// <summary>
/// Reads the text of a server's configuration like the server's YAML reader, which uses only the first document.
/// </summary>
internal sealed class ConfigurationReader
{
    /// <summary>More than any real configuration has. Deeply nested text would take long to read.</summary>
    private const int MaxDepth = 64;

    private readonly string _text;
    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, ConfigurationNode> _anchors = [];

    /// <summary>The columns of the mappings and lists that the current event is in.</summary>
    private readonly Stack<int> _indents = [];

    private int _flowDepth;
    private int _checked;
    private bool _mayBeKey = true;
    private bool _isAfterPlain;

    private ConfigurationReader(string text)
    {
        _text = text;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>Reads a configuration.</summary>
    /// <returns>The value of the document; null if there is none.</returns>
    /// <exception cref="ConfigurationException">The server's YAML reader rejects the text.</exception>
    public static ConfigurationNode? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new ConfigurationReader(Decode(bytes)).ReadDocument();
        }
        catch (DocumentException e)
        {
            throw new ConfigurationException(e.Line, e.Message);
        }
        catch (YamlException e)
        {
            var message = e.Message.TrimEnd('.');
            var reason = char.ToLower(message[0], CultureInfo.InvariantCulture) + message[1..];
            throw new ConfigurationException(Math.Max(1, (int)e.Start.Line), "it is not YAML: " + reason);
        }
        catch (Exception e) when (e is not (ConfigurationException or OutOfMemoryException))
        {
            // Bugs of the parser on malformed text.
            throw new ConfigurationException(1, "it is not YAML");
        }
    }

    /// <summary>
    /// Decodes UTF-8 or UTF-16. The server's reader accepts UTF-16 too, which we reject for user files only.
    /// </summary>
    private static string Decode(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(bytes[2..]),
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(bytes[2..]),
        _ => DocumentText.Decode(bytes).TrimStart('\uFEFF'),
    };

    private ConfigurationNode? ReadDocument()
    {
        Next();
        Next();
        if (_parser.Current is not DocumentStart)
            return null;
        Next();
        return ReadNode();
    }

    /// <summary>Reads the node that begins with the current event, up to its last event.</summary>
    private ConfigurationNode ReadNode()
    {
        if (_parser.Current is AnchorAlias alias)
        {
            var name = VisibleText.BeginningOf(alias.Value.Value);
            return _anchors.GetValueOrDefault(alias.Value)
                ?? throw new ConfigurationException(Line, $"'*{name}' refers to nothing");
        }

        var node = (NodeEvent)_parser.Current!;
        // A node that refers to itself is invalid for the server. A list represents it, since a list within itself is
        // invalid too.
        if (!node.Anchor.IsEmpty)
            _anchors[node.Anchor] = new ConfigurationList(Line);
        ConfigurationNode read = node switch
        {
            Scalar scalar => new ConfigurationScalar(Line, scalar.Value, IsPlain(scalar)),
            SequenceStart => ReadList(new ConfigurationList(Line)),
            _ => ReadMapping(new ConfigurationMapping(Line)),
        };
        if (!node.Anchor.IsEmpty)
            _anchors[node.Anchor] = read;
        return read;
    }

    private ConfigurationList ReadList(ConfigurationList list)
    {
        while (NextIsInside<SequenceEnd>())
            list.Items.Add(ReadNode());
        return list;
    }

    private ConfigurationMapping ReadMapping(ConfigurationMapping mapping)
    {
        while (NextIsInside<MappingEnd>())
        {
            var key = ReadNode();
            Next();
            mapping.Pairs.Add((key, ReadNode()));
        }

        return mapping;
    }

    private bool NextIsInside<TEnd>() where TEnd : ParsingEvent
    {
        Next();
        return _parser.Current is not TEnd;
    }

    private int Line => (int)_parser.Current!.Start.Line;

    private static bool IsPlain(Scalar scalar) =>
        scalar.Style == ScalarStyle.Plain
        && scalar.Tag is not { IsEmpty: false, Value: "!" or "tag:yaml.org,2002:str" };

    private void Next()
    {
        if (!_parser.MoveNext())
            throw new ConfigurationException(1, "it ends too early");
        RefuseTabs((int)_parser.Current!.Start.Index);
        switch (_parser.Current)
        {
            case MappingStart { Style: MappingStyle.Flow } or SequenceStart { Style: SequenceStyle.Flow }:
                _flowDepth++;
                Enter();
                break;
            case MappingStart or SequenceStart:
                Enter();
                break;
            case MappingEnd or SequenceEnd:
                _indents.Pop();
                break;
            case Scalar scalar when scalar.Value.Length > 0 || scalar.Style != ScalarStyle.Plain:
                _checked = (int)scalar.End.Index;
                _mayBeKey = _text[_checked - 1] == '\n';
                _isAfterPlain = scalar.Style == ScalarStyle.Plain;
                break;
        }
    }

    private void Enter()
    {
        if (_indents.Count == MaxDepth)
            throw new ConfigurationException(Line, $"it is nested more than {MaxDepth} levels deep");
        _indents.Push((int)_parser.Current!.Start.Column - 1);
    }

    /// <summary>Rejects tabs where the server's reader expects a key, because our parser is laxer there.</summary>
    private void RefuseTabs(int end)
    {
        for (; _checked < end; _checked++)
        {
            var c = _text[_checked];
            if (c == '\t' && _mayBeKey && _flowDepth == 0 && !(_isAfterPlain && IsWithinValue()))
            {
                var line = 1 + _text.AsSpan(0, _checked).Count('\n');
                throw new ConfigurationException(line, "there is a tab in the indentation");
            }

            if (c is ' ' or '\t' or '\r')
                continue;
            if (c == '#')
                _checked = _text.IndexOf('\n', _checked) is var lineEnd and >= 0 ? lineEnd : _text.Length;
            _mayBeKey = c is '\n' or '#' or '-' or '?';
            _isAfterPlain &= c == '\n';
            _flowDepth -= c is '}' or ']' ? 1 : 0;
        }
    }

    /// <summary>
    /// Whether an unquoted value could continue here: it may continue on lines with more indentation than its key.
    /// </summary>
    private bool IsWithinValue()
    {
        var column = _checked - 1 - _text.LastIndexOf('\n', _checked);
        return column > (_indents.TryPeek(out var indent) ? indent : -1);
    }
}
