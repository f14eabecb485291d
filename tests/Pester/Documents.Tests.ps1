# The documents: what they tell people to type runs, and what they mention and link to exists.

using namespace System.Management.Automation.Language

BeforeDiscovery {
    $root = Join-Path $PSScriptRoot ../.. -Resolve
    $documents = foreach ($file in Get-ChildItem $root/*.md, $root/docs/*.md) {
        @{
            Document = [System.IO.Path]::GetRelativePath($root, $file).Replace('\', '/')
            Text     = (Get-Content $file -Raw).ReplaceLineEndings("`n")
        }
    }

    # The blocks of a section are run one after the other, as a reader does.
    $sections = foreach ($document in $documents) {
        foreach ($section in $document.Text -split '(?m)^(?=## )') {
            $blocks = [regex]::Matches($section, '(?ms)^```powershell\n(.*?)^```$').ForEach({ $_.Groups[1].Value })
            if ($blocks) {
                $heading = ($section -split '\n')[0].Trim('# ')
                @{ Document = $document.Document; Heading = $heading; Code = $blocks -join "`n" }
            }
        }
    }

    # The code in the last column of the tables that translate the server's flags.
    $flags = ($documents | Where-Object Document -EQ docs/from-server-flags.md).Text
    $lines = foreach ($cell in [regex]::Matches($flags, '(?m)^\|.*(?<!\\)\| `(.*)` \|$')) {
        @{ Line = $cell.Groups[1].Value.Replace('\|', '|') }
    }
}

BeforeAll {
    . $PSScriptRoot/examples.ps1
    $root = Join-Path $PSScriptRoot ../.. -Resolve
    $cmdlets = (Get-Module PgEdgeUsers).ExportedCmdlets
    $topics = Get-ChildItem $ModulePath/en-US/about_*.help.txt | ForEach-Object { $_.Name -replace '\..*' }
}

Describe '<Document>' -ForEach $documents {
    It 'has PowerShell that parses and uses parameters that exist' {
        foreach ($block in [regex]::Matches($Text, '(?ms)^```powershell[^\n]*\n(.*?)^```$')) {
            $script = [scriptblock]::Create($block.Groups[1].Value).Ast
            foreach ($command in $script.FindAll({ $args[0] -is [CommandAst] }, $true)) {
                $cmdlet = $cmdlets["$($command.GetCommandName())"]
                foreach ($name in $command.CommandElements.ParameterName.Where({ $_ -and $cmdlet })) {
                    { $cmdlet.ResolveParameter($name) } | Should -Not -Throw -Because "it is in $command"
                }
            }
        }
    }

    It 'mentions only cmdlets and topics that exist' {
        [regex]::Matches($Text, '\b([A-Z]\w+-PgEdge\w+|about_PgEdge\w*)\b').Value |
            Where-Object { $_ -notin $cmdlets.Keys -and $_ -notin $topics } | Should -BeNullOrEmpty
    }

    It 'links to files and headings that exist' {
        $prose = $Text -replace '(?ms)^```powershell.*?^```$'
        foreach ($link in [regex]::Matches($prose, '\]\((?!\w+://)([^)#\s]*)(#\S+)?\)')) {
            $target = Join-Path $root $Document
            if ($link.Groups[1].Value) {
                $target = Join-Path (Split-Path $target) $link.Groups[1].Value
                $target | Should -Exist
            }
            if ($link.Groups[2].Value) {
                # GitHub derives anchors from headings.
                $headings = Get-Content $target | Where-Object { $_ -match '^#+ ' } | ForEach-Object ToLowerInvariant
                $headings -replace '^#+ ' -replace '[^\w\- ]' -replace ' ', '-' |
                    Should -Contain $link.Groups[2].Value.TrimStart('#')
            }
        }
    }
}

Describe 'What a document tells people to type' {
    BeforeAll {
        Start-ExampleShell
    }

    AfterAll {
        Stop-ExampleShell
    }

    It 'runs without an error: <Document>, <Heading>' -ForEach $sections {
        Invoke-Example $Code | Should -BeNullOrEmpty
    }

    It 'runs without an error: <Line>' -ForEach $lines {
        Invoke-Example $Line | Should -BeNullOrEmpty
    }
}

Describe 'docs/from-server-flags.md' {
    It 'translates <_>' -ForEach @(
        '-add-user', '-username', '-password', '-user-note', '-list-users'
        '-update-user', '-disable-user', '-enable-user', '-delete-user', '-user-file'
    ) {
        Join-Path $root docs/from-server-flags.md | Should -FileContentMatch "\| ``[^``]*$_\b[^``]*`` \| ``"
    }
}
