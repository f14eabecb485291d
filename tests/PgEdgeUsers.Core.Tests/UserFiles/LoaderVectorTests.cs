using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.Tests.UserFiles;

public sealed class LoaderVectorTests
{
    public static TheoryData<string> Names(string @class) =>
        [.. Interop.LoaderVectors().Where(v => v.Class == @class).Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Names), "must-read")]
    public void What_the_server_reads_is_read_with_the_same_values(string name)
    {
        var vector = Vector(name);

        Assert.Equal(vector.ServerUsers, Read(vector));
    }

    [Theory]
    [MemberData(nameof(Names), "must-refuse")]
    public void What_the_server_refuses_is_refused_with_line_reason_and_remedy(string name)
    {
        var refusal = Assert.Throws<DocumentException>(() => Read(Vector(name)));

        Assert.InRange(refusal.Line, 1, 100);
        Assert.NotEmpty(refusal.Message);
        Assert.NotEmpty(refusal.Remedy);
    }

    [Theory]
    [MemberData(nameof(Names), "may-refuse")]
    public void What_is_read_where_a_refusal_is_allowed_has_the_same_values(string name)
    {
        var vector = Vector(name);
        IEnumerable<string> users;
        try
        {
            users = Read(vector);
        }
        catch (DocumentException refusal)
        {
            Assert.NotEmpty(refusal.Remedy);
            return;
        }

        Assert.Equal(vector.ServerUsers, users);
    }

    private static LoaderVector Vector(string name) => Interop.LoaderVectors().Single(v => v.Name == name);

    private static IEnumerable<string> Read(LoaderVector vector) =>
        [.. UserDocument.Parse(DocumentText.Decode(vector.Yaml)).Entries.Select(e => LoaderVector.Describe(e.Account))
            .Order(StringComparer.Ordinal)];
}
