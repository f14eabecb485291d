BeforeAll {
    . $PSScriptRoot/common.ps1

    function Get-Completion([string] $Line) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches
    }
}

Describe 'Completion of names and statuses' {
    BeforeEach {
        $file = New-UserFile
        Push-Location (Split-Path $file)
    }

    AfterEach {
        Pop-Location
    }

    It 'takes them from the user file of the command line: <Line>' -ForEach @(
        @{ Line = 'Get-PgEdgeUser -Path $file '; Completions = 'alice', 'bob', 'charlie' }
        @{ Line = 'Get-PgEdgeUser -Path users.yaml -Username A'; Completions = 'alice' }
        @{ Line = 'Disable-PgEdgeUser -Path ./users.yaml -Username alice, b'; Completions = 'bob' }
        @{ Line = 'Get-PgEdgeUser -UserFile users.yaml -Username a'; Completions = 'alice' }
        @{ Line = 'Get-PgEdgeUser -FilePath users.yaml -Username a'; Completions = 'alice' }
        @{ Line = 'Get-PgEdgeUser -PSPath users.yaml -Username a'; Completions = 'alice' }
        @{ Line = 'New-PgEdgeSession -Path users.yaml -Username ch'; Completions = 'charlie' }
        @{ Line = 'Remove-PgEdgeSession -Path users.yaml a'; Completions = 'alice' }
        @{ Line = 'Get-PgEdgeUser -Path users.yaml -Username zz'; Completions = $null }
        @{ Line = 'Get-PgEdgeUser -Path nowhere/at-all.yaml -Username a'; Completions = $null }
        @{ Line = 'Get-PgEdgeUser -Status '; Completions = 'Disabled', 'Enabled' }
    ) {
        (Get-Completion $Line.Replace('$file', $file)).CompletionText | Should -BeExactly $Completions
    }

    It 'quotes a name where that is needed, for the same user' {
        Edit-UserFile $file '    bob:' "    `"O'Brien 2`":"

        $completion = (Get-Completion "Get-PgEdgeUser -Path $file -Username 'O").CompletionText

        $completion | Should -BeExactly "'O''Brien 2'"
        (& ([scriptblock]::Create("Get-PgEdgeUser $completion -Path $file"))).Username | Should -BeExactly "O'Brien 2"
    }

    It 'takes typed brackets as those of a name: <_>' -ForEach "'[ac", "'[ac]" {
        Edit-UserFile $file '    bob:' "    '[ac]*':"

        (Get-Completion "Get-PgEdgeUser -Path $file -Username $_").CompletionText | Should -BeExactly "'[ac]*'"
    }

    It 'shows status and annotation as the tool tip' {
        (Get-Completion "Get-PgEdgeUser -Path $file ").ToolTip |
            Should -BeExactly 'Enabled: Developer', 'Enabled: Admin', 'Disabled: Former emp'
    }

    It 'makes unseen characters visible in lists and tool tips' {
        $login = New-Login "b`e[31mo`u{202E}b" $Passwords.bob
        Edit-UserFile $file '    bob:' '    "b\e[31mo\u202Eb":'
        Edit-UserFile $file 'Former emp' '"Former\e[31m"'
        $null = New-PgEdgeSession $login -Path $file

        $users = Get-Completion "Get-PgEdgeUser -Path $file "

        $users.ListItemText | Should -BeExactly alice, 'b\u{1B}[31mo\u{202E}b', charlie
        $users[2].ToolTip | Should -BeExactly 'Disabled: Former\u{1B}[31m'
        (Get-Completion "Remove-PgEdgeSession -Path $file -Id ").ToolTip |
            Should -BeLike 'b\u{1B}`[31mo\u{202E}b, until *'
    }

    It 'offers session ids with the user and the expiry as the tool tip' {
        $session = New-PgEdgeSession (New-Login alice) -Path $file

        $completion = Get-Completion "Remove-PgEdgeSession -Path $file -Id "

        $completion.CompletionText.Trim("'") | Should -BeExactly $session.Id
        $until = $session.ExpiresAt.ToString('yyyy-MM-dd HH:mm', [cultureinfo]::InvariantCulture)
        $completion.ToolTip |
            Should -BeExactly "alice, until $until"
    }

    It 'neither fails at a file that cannot be read nor changes it' {
        Set-UserFile $file "users: [broken`n"

        (Get-Completion "Get-PgEdgeUser -Path $file -Username a").CompletionText | Should -BeNullOrEmpty
        Test-Untouched $file | Should -BeTrue
    }
}

Describe 'Completion of paths' {
    BeforeAll {
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        'users.yaml', 'odd [1].yaml', 'folder [x]/in.yml', "it's.yaml", 'other.txt', 'odd [1].jsonl' |
            ForEach-Object { $null = New-Item (Join-Path $folder $_) -Force }
        Push-Location $folder
    }

    AfterAll {
        Pop-Location
    }

    It 'offers folders and files of the right kind, literally: <Line>' -ForEach @(
        @{ Line = 'Get-PgEdgeUser -Path use'; Path = 'users.yaml' }
        @{ Line = "Disable-PgEdgeUser alice -Path 'use"; Path = 'users.yaml' }
        @{ Line = 'Get-PgEdgeUser -Path odd'; Path = 'odd [1].yaml' }
        @{ Line = 'Get-PgEdgeUser -Path "odd'; Path = 'odd [1].yaml' }
        @{ Line = "Get-PgEdgeUserFile 'odd ["; Path = 'odd [1].yaml' }
        @{ Line = "Test-PgEdgeUserFile -Path 'fold"; Path = 'folder [x]' }
        @{ Line = "Test-PgEdgeUserFile -Path 'folder [x]/"; Path = 'folder [x]/in.yml' }
        @{ Line = 'Get-PgEdgeUser -Path it'; Path = "it's.yaml" }
        @{ Line = 'Get-PgEdgeUser -Path oth'; Path = $null }
        @{ Line = 'Get-PgEdgeAuditEvent -AuditPath odd'; Path = 'odd [1].jsonl' }
        @{ Line = 'Disable-PgEdgeUser alice -AuditPath odd'; Path = 'odd [1].jsonl' }
    ) {
        $argument = @(Get-Completion $Line).ForEach({ & ([scriptblock]::Create("Write-Output $($_.CompletionText)")) })

        $argument | Should -BeExactly ($Path ? (Join-Path . $Path) : $null)
    }
}
