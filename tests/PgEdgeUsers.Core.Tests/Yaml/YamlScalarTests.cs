using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.Tests.Yaml;

public sealed class YamlScalarTests
{
    [Theory]
    [InlineData("two words", "two words")]
    [InlineData("a: b", "\"a: b\"")]
    [InlineData("say \"\\\"", "\"say \\\"\\\\\\\"\"")]
    [InlineData("line\n\tbreak", "\"line\\n\\tbreak\"")]
    [InlineData("no\u00A0break", "\"no\\u00A0break\"")]
    [InlineData("zero\u200Bwidth", "\"zero\\u200Bwidth\"")]
    [InlineData("\U0001F600", "\"\\U0001F600\"")]
    public void Characters_that_are_not_visible_everywhere_are_written_as_escapes(string value, string written)
    {
        Assert.Equal(written, YamlScalar.Write(value));
    }
}
