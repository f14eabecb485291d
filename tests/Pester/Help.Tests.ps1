# The help in the real shell: that Get-Help shows it, the examples that need more cmdlets than the engine alone has (the others
# are run by PgEdgeUsers.Help.Tests), and the PowerShell of the documents.

BeforeDiscovery {
    $module = Join-Path $PSScriptRoot '../../out/PgEdgeUsers' -Resolve
    Import-Module $module
    $here = 'PgEdgeUsers', 'Microsoft.PowerShell.Core'

    function Get-CommandName([string] $Code) {
        [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $null).FindAll(
            { $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true) | ForEach-Object GetCommandName
    }

    $help = [xml] (Get-Content (Join-Path $module en-US/PgEdgeUsers.dll-Help.xml) -Raw)
    $commands = foreach ($command in $help.helpItems.command) { @{ Name = $command.details.name } }
    $examples = foreach ($command in $help.helpItems.command) {
        foreach ($example in $command.examples.example) {
            if (Get-CommandName $example.code | Where-Object { (Get-Command $_).Source -notin $here }) {
                @{ Command = $command.details.name; Title = $example.title.Trim('- '); Code = $example.code }
            }
        }
    }

    # The blocks of a section are run one after the other, as a reader does.
    $root = Join-Path $PSScriptRoot '../..' -Resolve
    $sections = foreach ($document in 'README.md', 'docs/admin-guide.md') {
        foreach ($section in (Get-Content (Join-Path $root $document) -Raw) -split '(?m)^(?=## )') {
            $code = [regex]::Matches($section, '(?ms)^```powershell\n(.*?)^```$').ForEach({ $_.Groups[1].Value })
            if ($code) {
                @{ Document = $document; Heading = ($section -split '\n')[0].Trim('# '); Code = $code -join "`n" }
            }
        }
    }
}

BeforeAll {
    $module = Join-Path $PSScriptRoot '../../out/PgEdgeUsers' -Resolve
    $helpTests = Join-Path $PSScriptRoot '../PgEdgeUsers.Help.Tests' -Resolve
    Import-Module $module
    Add-Type -Path (Join-Path $helpTests Harness/StubServer.cs), (Join-Path $helpTests Harness/AnsweringHost.cs)
    $answering = [PgEdgeUsers.Help.Tests.Harness.AnsweringHost]
    $before = @{ ModulePath = $env:PSModulePath; Settings = @(Get-ChildItem env:PGEDGE_*) }
    $before.Settings | ForEach-Object { Remove-Item "env:$($_.Name)" }
    $env:PSModulePath = (Split-Path $module) + [System.IO.Path]::PathSeparator + $env:PSModulePath

    $stub = [PgEdgeUsers.Help.Tests.Harness.StubServer]::new('alice', $answering::Password)
    $shell = [runspacefactory]::CreateRunspace($answering::new())
    $shell.Open()
    # The stub speaks plain HTTP, which the module takes to this machine and Invoke-RestMethod does not.
    $shell.SessionStateProxy.SetVariable('PSDefaultParameterValues', [System.Management.Automation.DefaultParameterDictionary] @{
            'Invoke-RestMethod:AllowUnencryptedAuthentication' = $true
        })

    # Runs code as a reader of the help types it: in a folder with the prepared files, with the variables that the help speaks
    # of, at a host whose user answers.
    function Invoke-Example([string] $Code) {
        $folder = New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory
        Get-ChildItem (Join-Path $helpTests Prepared) -File | Copy-Item -Destination $folder -PassThru | ForEach-Object {
            if (-not $IsWindows) { chmod 600 $_ }
            # Long ago: a file that was written just now is read twice.
            $_.LastWriteTime = [datetime]::new(2024, 12, 1)
        }
        $env:PGEDGE_AUTH_USER_FILE = Join-Path $folder users.yaml
        $variables = $shell.SessionStateProxy
        $variables.Path.SetLocation($folder)
        $secret = $answering::Secret($answering::Password)
        $variables.SetVariable('password', $secret)
        $variables.SetVariable('credential', [pscredential]::new('alice', $secret))
        $variables.SetVariable('server', $stub.Address)
        $variables.SetVariable('session', (New-PgEdgeSession -Username alice -Password $secret -NoAudit))
        $run = [powershell]::Create($shell)
        try {
            $run.AddScript($Code, $true).Invoke()
            $run.Streams.Error | ForEach-Object { throw $_ }
        }
        finally {
            $run.Dispose()
            Get-ChildItem env:PGEDGE_* | Remove-Item
        }
    }
}

AfterAll {
    $stub.Dispose()
    $shell.Dispose()
    $env:PSModulePath = $before.ModulePath
    $before.Settings | ForEach-Object { Set-Item "env:$($_.Name)" $_.Value }
}

Describe 'Get-Help' {
    BeforeAll {
        # In a process of its own: help must not depend on a cmdlet having been run before.
        $names = ($help = [xml] (Get-Content (Join-Path $module en-US/PgEdgeUsers.dll-Help.xml) -Raw)).helpItems.command.details.name
        $shown = pwsh -NoProfile -NonInteractive -Command "
            Import-Module '$module'
            @('$($names -join "', '")') | ForEach-Object {
                `$help = Get-Help `$_ -Full
                [pscustomobject] @{
                    Name = `$_; Synopsis = `$help.Synopsis; Syntax = @(`$help.syntax.syntaxItem).Count; Text = `$help | Out-String -Width 120
                    Examples = @(`$help.examples.example).Count; Parameters = @(`$help.parameters.parameter).Count
                }
            } | ConvertTo-Json
            " | ConvertFrom-Json
        $topics = pwsh -NoProfile -NonInteractive -Command "Import-Module '$module'; Get-Help about_PgEdgeUsers; Get-Help about_PgEdgeUsers_Security" | Out-String
    }

    It 'shows <Name>' -ForEach $commands {
        $expected = $help.helpItems.command | Where-Object { $_.details.name -eq $Name }
        $actual = $shown | Where-Object Name -EQ $Name

        $actual.Synopsis | Should -Be $expected.details.description.para
        $actual.Syntax | Should -Be (Get-Command $Name).ParameterSets.Count
        $actual.Parameters | Should -Be @($expected.parameters.parameter).Count
        $actual.Examples | Should -Be @($expected.examples.example).Count
        $actual.Text | Should -Match 'Example 3: '
    }

    It 'shows the topics' {
        $topics | Should -Match 'about_PgEdgeUsers\s+SHORT DESCRIPTION'
        $topics | Should -Match 'about_PgEdgeUsers_Security\s+SHORT DESCRIPTION'
    }
}

Describe 'An example' {
    It 'of <Command> runs: <Title>' -ForEach $examples {
        { Invoke-Example $Code } | Should -Not -Throw
    }
}

Describe 'A document' {
    It '<Document> has PowerShell that runs: <Heading>' -ForEach $sections {
        { Invoke-Example $Code } | Should -Not -Throw
    }
}
