namespace PgEdgeUsers.Core.Yaml;

/// <summary>Lines of a text that ends them with a line feed, with or without a carriage return before it.</summary>
internal static class Lines
{
    /// <summary>Where the line of a position ends: before its line break, or at the end of the text.</summary>
    public static int End(string text, int position)
    {
        var end = position;
        if (end < text.Length && text[end] != '\n')
            end = text.IndexOf('\n', position) is var found and >= 0 ? found : text.Length;
        return end > 0 && text[end - 1] == '\r' ? end - 1 : end;
    }

    /// <summary>Where the line after one that ends at <paramref name="end"/> begins.</summary>
    public static int Next(string text, int end) =>
        end == text.Length ? end : end + (text[end] == '\r' ? 2 : 1);

    /// <summary>The position of the first character from a position on that is no space.</summary>
    public static int SkipSpaces(string text, int position)
    {
        while (position < text.Length && text[position] == ' ')
            position++;
        return position;
    }
}
