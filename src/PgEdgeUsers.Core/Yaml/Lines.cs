namespace PgEdgeUsers.Core.Yaml;

/// <summary>Finds lines in a text whose line breaks are line feeds, with or without a carriage return.</summary>
internal static class Lines
{
    /// <summary>The end of the line at a position: before its line break, or the end of the text.</summary>
    public static int End(string text, int position)
    {
        var end = position;
        if (end < text.Length && text[end] != '\n')
            end = text.IndexOf('\n', position) is var found and >= 0 ? found : text.Length;
        return end > 0 && text[end - 1] == '\r' ? end - 1 : end;
    }

    /// <summary>The start of the line after the one that ends at <paramref name="end"/>.</summary>
    public static int Next(string text, int end) =>
        end == text.Length ? end : end + (text[end] == '\r' ? 2 : 1);

    /// <summary>The position of the first character at or after a position that is not a space.</summary>
    public static int SkipSpaces(string text, int position)
    {
        while (position < text.Length && text[position] == ' ')
            position++;
        return position;
    }
}
