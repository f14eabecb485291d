namespace PgEdgeUsers.Core.Yaml;

/// <summary>The tokens of a text, one after the other.</summary>
internal abstract class TokenSource
{
    private Token[] _tokens = new Token[8];
    private int _next;
    private int _count;

    /// <summary>
    /// The next token, which stays until this is called again. After <see cref="TokenKind.End" /> there is none.
    /// </summary>
    public ref readonly Token Next()
    {
        while (_next == _count)
        {
            _next = _count = 0;
            ReadMore();
        }

        return ref _tokens[_next++];
    }

    /// <summary>Adds the next tokens, if any; it is called again until there are some.</summary>
    protected abstract void ReadMore();

    protected void Add(in Token token)
    {
        if (_count == _tokens.Length)
            Array.Resize(ref _tokens, 2 * _count);
        _tokens[_count++] = token;
    }
}
